using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Oci;

/// <summary>Real registries that want to know who asks.</summary>
[Trait("Group", "Lab")]
public sealed class RegistryAuthTests : IDisposable
{
    /// <summary>Of the password "a:b c", by bcrypt, as <c>htpasswd -B</c> makes it.</summary>
    const string Hash = "$2b$04$L0E5Amn2pb5lXtsGu/XKtO9rjfe4iQzfHiS5/5vuBUrP4n7ZCxN6C";

    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task APasswordIsSentOnceItIsAskedForAndNowhereElse()
    {
        File.WriteAllText(_directory / "htpasswd", $"me:{Hash}\n");
        using var registry =
            new TestRegistry($"auth: {{ htpasswd: {{ realm: x, path: \"{_directory / "htpasswd"}\" }} }}");
        using var proxy = new FaultProxy(registry.Address);
        using var client = TestRegistry.Open(proxy.Address, Credentials(proxy.Address, "me", "a:b c"));
        var images = TestImage.Pair(_directory / "images");
        await new Publication(client).RunAsync(images);
        await TestImage.VerifyAsync(client, images, complete: true);
        Assert.Null(proxy.Seen.First().Authorization);

        using var wrong = TestRegistry.Open(proxy.Address, Credentials(proxy.Address, "me", "hidden"));
        var problem = await Assert.ThrowsAsync<ProblemException>(() => wrong.TagsAsync("c5c3/keystone"));
        Assert.Contains($"{proxy.Address} does not accept the credentials for {proxy.Address}/c5c3/keystone",
            problem.Message, StringComparison.Ordinal);
        Assert.Contains($"They are from {_directory / "config.json"}; run 'docker login {proxy.Address}'",
            problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, wrong.Retries);

        using var nobody = TestRegistry.Open(proxy.Address);
        problem = await Assert.ThrowsAsync<ProblemException>(() => nobody.TagsAsync("c5c3/keystone"));
        Assert.Contains("wants credentials for", problem.Message, StringComparison.Ordinal);
        Assert.Contains("None were found in /nonexistent/config.json", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("password")]
    [InlineData("identity token")]
    public async Task TokensAreFetchedPerScopeAndKept(string kind)
    {
        using var tokens = new TokenServer(_directory);
        using var registry = new TestRegistry(tokens.Configuration);
        using var proxy = new FaultProxy(registry.Address);
        var credentials = kind == "password"
            ? Credentials(proxy.Address, "me", TokenServer.Secret)
            : Identity(proxy.Address, TokenServer.Secret);
        using var client = TestRegistry.Open(proxy.Address, credentials, toPush: true);
        var images = TestImage.Pair(_directory / "images");
        await new Publication(client).RunAsync(images);
        string[] pushing = ["repository:c5c3/keystone:pull,push",
            "repository:c5c3/keystone:pull,push repository:c5c3/python-base:pull",
            "repository:c5c3/python-base:pull,push"];
        Assert.Equal(pushing, tokens.Scopes.Order(StringComparer.Ordinal));
        // Whoever only reads asks for no more.
        using var reader = TestRegistry.Open(proxy.Address, credentials);
        await TestImage.VerifyAsync(reader, images, complete: true);
        Assert.Equal(["repository:c5c3/keystone:pull", "repository:c5c3/python-base:pull"],
            tokens.Scopes.Except(pushing).Order(StringComparer.Ordinal));
        // The password goes to the token server alone.
        Assert.All(proxy.Seen.Select(x => x.Authorization).OfType<string>(),
            x => Assert.StartsWith("Bearer ", x, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ATokenThatCameToItsEndIsFetchedAgain()
    {
        using var tokens = new TokenServer(_directory) { Lifetime = TimeSpan.FromSeconds(3600) };
        using var registry = new TestRegistry(tokens.Configuration);
        using var client = TestRegistry.Open(registry.Address.ToString(),
            Credentials(registry.Address.ToString(), "me", TokenServer.Secret));
        // It says an hour, and the registry knows better.
        tokens.Expires = DateTimeOffset.UtcNow.AddSeconds(-120);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => client.TagsAsync("a/b"));
        Assert.Contains("does not accept the credentials", problem.Message, StringComparison.Ordinal);
        tokens.Expires = null;
        Assert.Empty(await client.TagsAsync("a/b"));
    }

    [Fact]
    public async Task WithoutCredentialsATokenForEverybodyIsAskedFor()
    {
        using var tokens = new TokenServer(_directory) { IsOpen = true };
        using var registry = new TestRegistry(tokens.Configuration);
        using var client = TestRegistry.Open(registry.Address.ToString());
        Assert.Empty(await client.TagsAsync("a/b"));
        // Everybody may read.
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            client.PutManifestAsync("a/b", "t", OciMediaTypes.Index, "{}"u8.ToArray()));
        Assert.Contains("wants credentials for", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AWrongPasswordIsToldAsTheTokenServerTellsIt()
    {
        using var tokens = new TokenServer(_directory);
        using var registry = new TestRegistry(tokens.Configuration);
        var address = registry.Address.ToString();
        using var client = TestRegistry.Open(address, Credentials(address, "me", "wrong"));
        var problem = await Assert.ThrowsAsync<ProblemException>(() => client.TagsAsync("a/b"));
        Assert.Contains($"{address} does not accept the credentials for {address}/a/b: UNAUTHORIZED: incorrect "
            + "username or password. They are from", problem.Message, StringComparison.Ordinal);
        Assert.Equal(0, client.Retries);
    }

    [Fact]
    public async Task ABusyTokenServerIsAskedAgain()
    {
        using var tokens = new TokenServer(_directory) { Failures = 3 };
        using var registry = new TestRegistry(tokens.Configuration);
        var address = registry.Address.ToString();
        using var client = TestRegistry.Open(address, Credentials(address, "me", TokenServer.Secret));
        Assert.Empty(await client.TagsAsync("a/b"));
        Assert.Equal(3, client.Retries);
    }

    /// <summary>Storage that a registry sends us on to has no business with our credentials.</summary>
    [Fact]
    public async Task ARedirectToAnotherHostGetsNoCredentials()
    {
        var content = "content"u8.ToArray();
        var blob = new OciDescriptor("x", Digest.OfBytes(content), content.Length);
        var storage = new ConcurrentQueue<string?>();
        using var store = new HttpServer(request =>
        {
            storage.Enqueue(request.Headers["Authorization"]);
            return (200, content, []);
        });
        using var registry = new HttpServer(request => request.Headers["Authorization"] is null
            ? (401, [], [("WWW-Authenticate", "Basic realm=\"x\"")])
            : (307, [], [("Location", $"{store.Address}somewhere?signature=x")]));
        var address = new Uri(registry.Address).Authority;
        using var client = TestRegistry.Open(address, Credentials(address, "me", "hidden"));
        Assert.Equal(content, await client.GetBlobAsync("a/b", blob));
        await client.DownloadBlobAsync("a/b", blob, _directory / "blob");
        Assert.Equal([null, null], storage);
    }

    [Theory]
    [InlineData("Bearer realm=\"http://token.example.org/\"",
        "names 'http://token.example.org/' as its token server; expected an https URL")]
    [InlineData("Bearer realm=\"file:///etc/passwd\"", "as its token server")]
    [InlineData("Negotiate", "by negotiate; expected a challenge of Basic or Bearer")]
    [InlineData("", "and does not say how")]
    public async Task ChallengesThatCannotBeMetAreErrors(string challenge, string expected)
    {
        using var registry =
            new HttpServer(_ => (401, [], challenge.Length == 0 ? [] : [("WWW-Authenticate", challenge)]));
        var address = new Uri(registry.Address).Authority;
        using var client = TestRegistry.Open(address, Credentials(address, "me", "hidden"));
        var problem = await Assert.ThrowsAsync<ProblemException>(() => client.TagsAsync("a/b"));
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    DockerCredentials Credentials(string registry, string user, string password) =>
        Write(JsonSerializer.Serialize(new
        {
            auths = new Dictionary<string, object>
            {
                [registry] = new { auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")) },
            },
        }));

    DockerCredentials Identity(string registry, string token) => Write(JsonSerializer.Serialize(new
    {
        auths = new Dictionary<string, object> { [registry] = new { identitytoken = token } },
    }));

    DockerCredentials Write(string config)
    {
        File.WriteAllText(_directory / "config.json", config);
        return new DockerCredentials(_directory / "config.json");
    }
}

/// <summary>A small server on the loopback address.</summary>
sealed class HttpServer : IDisposable
{
    HttpListener _listener = new();

    public HttpServer(
        Func<HttpListenerRequest, (int Status, byte[] Body, (string Name, string Value)[] Headers)> answer)
    {
        while (!TryListen($"http://{TestRegistry.FreeAddress()}/"))
        {
            // Somebody else took the port meanwhile.
        }

        _ = ServeAsync(answer);
    }

    public string Address { get; private set; } = "";

    bool TryListen(string address)
    {
        Address = address;
        _listener = new HttpListener { Prefixes = { address } };
        try
        {
            _listener.Start();
            return true;
        }
        catch (HttpListenerException)
        {
            return false;
        }
    }

    public void Dispose() => _listener.Close();

    async Task ServeAsync(
        Func<HttpListenerRequest, (int Status, byte[] Body, (string Name, string Value)[] Headers)> answer)
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                var (status, body, headers) = answer(context.Request);
                context.Response.StatusCode = status;
                foreach (var (name, value) in headers) context.Response.AppendHeader(name, value);
                context.Response.ContentLength64 = body.Length;
                await context.Response.OutputStream.WriteAsync(body);
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Disposed.
        }
    }
}

/// <summary>
/// Hands out what <c>auth: token</c> of a registry believes: JSON web tokens, signed with a certificate of its own.
/// </summary>
sealed class TokenServer : IDisposable
{
    public const string Secret = "the secret";

    readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    readonly X509Certificate2 _certificate;
    readonly HttpServer _server;

    public TokenServer(TemporaryDirectory directory)
    {
        _certificate = new CertificateRequest("CN=tokens", _key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(directory / "tokens.pem", _certificate.ExportCertificatePem());
        _server = new HttpServer(Answer);
        Configuration = $"auth: {{ token: {{ realm: \"{_server.Address}token?account=x\", service: lab, issuer: "
            + $"tokens, rootcertbundle: \"{directory / "tokens.pem"}\" }} }}";
    }

    public string Configuration { get; }

    /// <summary>Whether those without a password may read.</summary>
    public bool IsOpen { get; init; }

    public int Failures { get; set; }

    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>When tokens come to their end, if not after their lifetime.</summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>What was asked for, request by request.</summary>
    public ConcurrentQueue<string> Scopes { get; } = new();

    public void Dispose()
    {
        _server.Dispose();
        _certificate.Dispose();
        _key.Dispose();
    }

    (int, byte[], (string, string)[]) Answer(HttpListenerRequest request)
    {
        if (Failures-- > 0) return (503, [], [("Retry-After", "0")]);
        string[] scopes;
        bool known;
        if (request.HttpMethod == "POST")
        {
            var form = new StreamReader(request.InputStream)
                .ReadToEnd()
                .Split('&')
                .Select(x => x.Split('='))
                .ToDictionary(x => x[0], x => WebUtility.UrlDecode(x[1]));
            scopes = form["scope"].Split(' ');
            known = form["grant_type"] == "refresh_token"
                && form["refresh_token"] == Secret
                && form["service"] == "lab";
        }
        else
        {
            scopes = request.QueryString.GetValues("scope") ?? [];
            var basic = request.Headers["Authorization"]?["Basic ".Length..];
            known = basic is not null
                && Encoding.UTF8.GetString(Convert.FromBase64String(basic)) == $"me:{Secret}"
                && request.QueryString["service"] == "lab"
                && request.QueryString["account"] == "x";
            if (basic is null && IsOpen)
                (known, scopes) = (true, [.. scopes.Select(x => $"{x[..x.LastIndexOf(':')]}:pull")]);
        }

        if (!known)
            return (401,
                """{"errors":[{"code":"UNAUTHORIZED","message":"incorrect username or password"}]}"""u8.ToArray(), []);
        Scopes.Enqueue(string.Join(' ', scopes));
        return (200, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object>
        {
            [request.HttpMethod == "POST" ? "access_token" : "token"] = Token(scopes),
            ["expires_in"] = (int)Lifetime.TotalSeconds,
        }), []);
    }

    string Token(string[] scopes)
    {
        var now = DateTimeOffset.UtcNow;
        var header = new Dictionary<string, object>
        {
            ["typ"] = "JWT",
            ["alg"] = "ES256",
            ["x5c"] = new[] { Convert.ToBase64String(_certificate.RawData) },
        };
        var claims = new Dictionary<string, object>
        {
            ["iss"] = "tokens",
            ["aud"] = "lab",
            ["sub"] = "me",
            ["jti"] = Guid.NewGuid().ToString(),
            ["nbf"] = now.AddMinutes(-1).ToUnixTimeSeconds(),
            ["iat"] = now.AddMinutes(-1).ToUnixTimeSeconds(),
            ["exp"] = (Expires ?? now + Lifetime).ToUnixTimeSeconds(),
            ["access"] = scopes.Select(x => x.Split(':'))
                .Select(x => new { type = x[0], name = x[1], actions = x[2].Split(',') })
                .ToArray(),
        };
        var text = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}."
            + $"{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        return $"{text}.{Encode(_key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    static string Encode(byte[] bytes) =>
        Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
