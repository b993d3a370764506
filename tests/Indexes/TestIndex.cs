using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Tests.Network;

namespace OpenStack.Tests.Indexes;

/// <summary>The files of directories as a package index, which may want to know who asks.</summary>
sealed class TestIndex : IDisposable
{
    readonly Dictionary<string, AbsolutePath> _files;
    readonly LoopbackServer _server;
    readonly bool _isHtml;
    readonly (string User, string Password)? _account;

    /// <param name="isHtml">Whether it speaks PEP 503 alone.</param>
    public TestIndex(IEnumerable<AbsolutePath> directories, TestAuthority? authority = null,
        (string User, string Password)? account = null, bool isHtml = false)
    {
        (_isHtml, _account) = (isHtml, account);
        _files = directories.SelectMany(x => Directory.GetFiles(x)).DistinctBy(Path.GetFileName)
            .ToDictionary(x => Path.GetFileName(x)!, x => (AbsolutePath)x);
        _server = new LoopbackServer(AnswerAsync, authority?.Issue());
    }

    public string Url => $"{_server.Url.AbsoluteUri.TrimEnd('/')}/simple";

    /// <summary>What was asked for.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public void Dispose() => _server.Dispose();

    async Task AnswerAsync(HttpContext context)
    {
        Asked.Enqueue(context.Request.Path);
        if (_account is { } account && context.Request.Headers.Authorization != new AuthenticationHeaderValue("Basic",
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.User}:{account.Password}"))).ToString())
        {
            context.Response.StatusCode = 401;
            return;
        }

        switch (context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["simple", var project] when ListOf(project) is { Count: > 0 } files:
                context.Response.ContentType = _isHtml ? "text/html" : "application/vnd.pypi.simple.v1+json";
                await context.Response.WriteAsync(_isHtml ? Html(files) : Json(project, files));
                break;
            case ["files", var name] when _files.TryGetValue(name, out var file):
                await context.Response.SendFileAsync(file);
                break;
            default:
                context.Response.StatusCode = 404;
                break;
        }
    }

    List<KeyValuePair<string, AbsolutePath>> ListOf(string project) =>
        [.. _files.Where(x => x.Key.Split('-')[0] is var name && PythonName.Of(name).Value == project)];

    static string Json(string project, IEnumerable<KeyValuePair<string, AbsolutePath>> files) =>
        JsonSerializer.Serialize(new
        {
            meta = new Dictionary<string, string> { ["api-version"] = "1.1" },
            name = project,
            files = files.Select(x => new
            {
                filename = x.Key,
                url = $"../../files/{Uri.EscapeDataString(x.Key)}",
                hashes = new { sha256 = Sha256(x.Value) },
                size = new FileInfo(x.Value).Length,
            }),
        });

    static string Html(IEnumerable<KeyValuePair<string, AbsolutePath>> files) => "<!DOCTYPE html><html><body>"
        + string.Concat(files.Select(x =>
            $"<a href=\"../../files/{Uri.EscapeDataString(x.Key)}#sha256={Sha256(x.Value)}\""
            + $" data-requires-python=\"&gt;=3.8\">{x.Key}</a><br>\n")) + "</body></html>";

    static string Sha256(AbsolutePath file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
