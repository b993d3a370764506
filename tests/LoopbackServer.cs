using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OpenStack.Tests;

/// <summary>
/// An HTTP server of this process, at a port that the system chooses while it binds it: one that was looked for before
/// may be somebody else's by then.
/// </summary>
sealed class LoopbackServer : IDisposable
{
    readonly WebApplication _application;

    /// <param name="certificate">By which it is known; without one it speaks in the clear.</param>
    public LoopbackServer(RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        if (certificate is null) builder.WebHost.UseUrls("http://127.0.0.1:0");
        else
            builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(x =>
                x.Listen(IPAddress.Loopback, 0, y => y.UseHttps(certificate)));
        _application = builder.Build();
        _application.Run(answer);
        _application.Start();
        Url = new Uri(_application.Urls.Single());
    }

    public Uri Url { get; }

    public void Dispose() => ((IDisposable)_application).Dispose();
}
