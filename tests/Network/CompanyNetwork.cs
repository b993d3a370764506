using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OpenStack.Tests.Network;

/// <summary>
/// A company's network: nobody is reached but through a proxy that wants a password, and of the hosts that it lets
/// through it shows certificates of its own. What they have, others have in the clear, who are asked instead.
/// </summary>
sealed class CompanyNetwork : IDisposable
{
    readonly WebApplication _hosts;
    readonly TcpListener _proxy = new(IPAddress.Loopback, 0);
    readonly ConcurrentDictionary<string, X509Certificate2> _certificates = [];
    readonly Dictionary<string, (Uri Place, string? Account)> _known = new(StringComparer.Ordinal);
    readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    readonly string? _account;

    /// <param name="account">User and password that the proxy wants; null where it wants none.</param>
    public CompanyNetwork(TestAuthority authority, string? account)
    {
        _account = account;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(x =>
        {
            x.Limits.MaxRequestBodySize = null;
            x.Listen(IPAddress.Loopback, 0, y => y.UseHttps(z => z.ServerCertificateSelector =
                (_, host) => _certificates.GetOrAdd(host ?? "nobody", authority.Issue(host ?? "nobody"))));
        });
        _hosts = builder.Build();
        _hosts.Run(AnswerAsync);
        _hosts.Start();
        _proxy.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where the proxy is on this machine.</summary>
    public IPEndPoint Proxy => (IPEndPoint)_proxy.LocalEndpoint;

    /// <summary>What was asked for, and what came of it.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>Lets a host through.</summary>
    /// <param name="place">Who has what it has.</param>
    /// <param name="account">User and password that it wants; null where it wants none.</param>
    public CompanyNetwork With(string host, Uri place, string? account = null)
    {
        _known[host] = (place, account);
        return this;
    }

    public void Dispose()
    {
        _proxy.Dispose();
        ((IDisposable)_hosts).Dispose();
        _client.Dispose();
    }

    async Task AnswerAsync(HttpContext context)
    {
        var (place, account) = _known[context.Request.Host.Host];
        if (account is not null && context.Request.Headers.Authorization != Basic(account))
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"a company\"";
            return;
        }

        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(place,
            $"{place.AbsolutePath.TrimEnd('/')}{context.Request.Path}{context.Request.QueryString}"));
        if (context.Request.Method is "POST" or "PUT" or "PATCH")
            request.Content = new StreamContent(context.Request.Body);
        foreach (var (name, value) in context.Request.Headers)
        {
            if (name is "Host" or "Authorization" or "Connection" or "Transfer-Encoding") continue;
            if (!request.Headers.TryAddWithoutValidation(name, (string?[])value!))
                request.Content?.Headers.TryAddWithoutValidation(name, (string?[])value!);
        }

        // A registry writes down where it is.
        if (place.IsLoopback) request.Headers.Host = context.Request.Host.Value;
        request.Headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        using var answer = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.NonValidated.Concat(answer.Content.Headers.NonValidated))
            if (name is not ("Transfer-Encoding" or "Connection")) context.Response.Headers[name] = values.ToString();
        if (context.Request.Method != "HEAD") await answer.Content.CopyToAsync(context.Response.Body);
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _proxy.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException or InvalidOperationException)
        {
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using var asking = client;
        try
        {
            var stream = client.GetStream();
            while (await ReadHeadAsync(stream) is { } head)
            {
                var lines = head.Split("\r\n");
                var host = lines[0].Split(' ') is ["CONNECT", var target, _] ? target.Split(':')[0] : null;
                var authorization = lines.FirstOrDefault(x =>
                    x.StartsWith("Proxy-Authorization: ", StringComparison.OrdinalIgnoreCase))?[21..];
                var status = _account is not null && authorization != Basic(_account) ? 407
                    : host is null || !_known.ContainsKey(host) ? 403 : 200;
                Asked.Enqueue($"{lines[0]} {status}");
                await stream.WriteAsync(Encoding.ASCII.GetBytes(status switch
                {
                    200 => "HTTP/1.1 200 Connection established\r\n\r\n",
                    407 => "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"wall\"\r\n"
                        + "Content-Length: 0\r\n\r\n",
                    _ => "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n",
                }));
                if (status != 200) continue;
                await Tunnel.JoinAsync(stream, new Uri(_hosts.Urls.Single()).Port);
                return;
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
        }
    }

    /// <summary>Up to the empty line; null where there is nothing more.</summary>
    static async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) > 0)
        {
            head.Append((char)one[0]);
            if (head.Length >= 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n") return head.ToString();
        }

        return null;
    }

    static string Basic(string account) =>
        new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(account))).ToString();
}
