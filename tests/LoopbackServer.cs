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

    public LoopbackServer(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(answer);
        _application.Start();
        Url = new Uri(_application.Urls.Single());
    }

    public Uri Url { get; }

    public void Dispose() => ((IDisposable)_application).Dispose();
}
