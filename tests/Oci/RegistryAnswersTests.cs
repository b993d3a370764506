using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Oci;

/// <summary>Registries that answer otherwise than the laboratory's: what they ask for is read, and what they do not say
/// is not made up.</summary>
public sealed class RegistryAnswersTests : IDisposable
{
    static readonly byte[] s_content = "content"u8.ToArray();
    static readonly OciDescriptor s_blob = new("x", Digest.OfBytes(s_content), s_content.Length);

    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>distribution: <c>PAGINATION_NUMBER_INVALID</c> where more is asked for than it allows.</summary>
    [Theory]
    [InlineData(1000)]
    [InlineData(100)]
    [InlineData(50)]
    public async Task ARegistryThatAllowsFewerTagsAPageIsAskedForFewer(int most)
    {
        var names = Enumerable.Range(0, 230).Select(x => $"t{x:000}").ToList();
        using var server = new HttpServer(request =>
        {
            var count = request.QueryString["n"] is { } n ? int.Parse(n) : most;
            if (count > most)
                return (400,
                """{"errors":[{"code":"PAGINATION_NUMBER_INVALID","message":"invalid number of results"}]}"""u8.ToArray(),
                []);
            var page = names
                .SkipWhile(x => request.QueryString["last"] is { } last && string.CompareOrdinal(x, last) <= 0)
                .Take(count)
                .ToList();
            (string, string)[] link = page.Count > 0 && page[^1] != names[^1]
                ? [("Link", $"</v2/a/b/tags/list?n={count}&last={page[^1]}>; rel=\"next\"")] : [];
            return (200, JsonSerializer.SerializeToUtf8Bytes(new { name = "a/b", tags = page }), link);
        });
        using var client = Open(server);
        Assert.Equal(names, await client.TagsAsync("a/b"));
    }

    [Fact]
    public async Task ARegistryThatTakesNoSuchQuestionIsAProblem()
    {
        using var server = new HttpServer(_ => (400, """{"errors":[{"code":"NAME_INVALID"}]}"""u8.ToArray(), []));
        using var client = Open(server);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => client.TagsAsync("a/b"));
        Assert.Contains("NAME_INVALID", problem.Message, StringComparison.Ordinal);
        Assert.True(problem.IsUnknown);
    }

    /// <summary>
    /// The scope of a challenge is what a token is asked for: it may name the repository otherwise, or more than one
    /// (distribution, token specification).
    /// </summary>
    [Theory]
    [InlineData("repository:a/b:pull", "repository:a/b:pull")]
    [InlineData("repository:project/a/b:pull", "repository:project/a/b:pull")]
    [InlineData("repository:a/b:pull repository:mirror/of/b:pull", "repository:a/b:pull repository:mirror/of/b:pull")]
    [InlineData("repository:host:5000/a/b:pull", "repository:host:5000/a/b:pull")]
    [InlineData("registry:catalog:*", "registry:catalog:*")]
    [InlineData("", "repository:a/b:pull")]
    public async Task TheScopeOfAChallengeIsAskedFor(string scope, string expected)
    {
        using var tokens = new Tokens();
        using var registry = new HttpServer(
            request => request.Headers["Authorization"] == $"Bearer {Tokens.Of(expected)}"
                ? (200, s_content, [])
                : tokens.Refuse(scope, null));
        using var client = Open(registry);
        Assert.Equal(s_content, await client.GetBlobAsync("a/b", s_blob));
        Assert.Equal([expected], tokens.Asked);
    }

    /// <summary>A token that is good and not enough (RFC 6750, <c>insufficient_scope</c>), with 401 as distribution has
    /// it, and with 403.</summary>
    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task ATokenThatAllowsTooLittleIsFollowedByOneThatAllowsMore(int status)
    {
        using var tokens = new Tokens();
        const string more = "repository:a/b:pull repository:layers/of/b:pull";
        using var registry = new HttpServer(request => request.Headers["Authorization"] switch
        {
            null => tokens.Refuse("repository:a/b:pull", null),
            var token when token == $"Bearer {Tokens.Of(more)}" => (200, s_content, []),
            _ => (status, [], tokens.Refuse(more, "insufficient_scope").Headers),
        });
        using var client = Open(registry);
        Assert.Equal(s_content, await client.GetBlobAsync("a/b", s_blob));
        Assert.Equal(["repository:a/b:pull", more], tokens.Asked);
        Assert.Equal(s_content, await client.GetBlobAsync("a/b", s_blob));
        Assert.Equal(2, tokens.Asked.Count);
    }

    [Fact]
    public async Task ARightThatTheCredentialsDoNotGiveIsToldAsThat()
    {
        using var tokens = new Tokens();
        using var registry = new HttpServer(request => tokens.Refuse("repository:a/b:pull,push",
            request.Headers["Authorization"] is null ? null : "insufficient_scope"));
        var address = new Uri(registry.Address).Authority;
        File.WriteAllText(_directory / "config.json",
            JsonSerializer.Serialize(
            new { auths = new Dictionary<string, object> { [address] = new { auth = "bWU6c2VjcmV0" } } }));
        using var client = TestRegistry.Open(address, new DockerCredentials(_directory / "config.json"));
        var problem =
            await Assert.ThrowsAsync<ProblemException>(() =>
            client.PutManifestAsync("a/b", "t", OciMediaTypes.Index, "{}"u8.ToArray()));
        Assert.Contains(
            $"{address} wants a right for {address}/a/b that the credentials do not give: repository:a/b:pull,push. " +
            $"They are from {_directory / "config.json"}; ask for that right", problem.Message,
            StringComparison.Ordinal);
        using var nobody = Open(registry);
        Assert.Contains($"wants credentials for {address}/a/b: it asks for repository:a/b:pull,push",
            (await Assert.ThrowsAsync<ProblemException>(() => nobody.TagsAsync("a/b"))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>What is kept for one namespace is not sent for another.</summary>
    [Fact]
    public async Task EachNamespaceHasItsOwnPassword()
    {
        var seen = new ConcurrentDictionary<string, string>();
        using var registry = new HttpServer(request =>
        {
            if (request.Headers["Authorization"] is not { } authorization)
                return (401, [], [("WWW-Authenticate", "Basic realm=\"x\"")]);
            seen[request.Url!.AbsolutePath.Split('/')[2]] =
                Encoding.UTF8.GetString(Convert.FromBase64String(authorization["Basic ".Length..]));
            return (200, s_content, []);
        });
        var address = new Uri(registry.Address).Authority;
        var auths = ((string[])["team-a", "team-b"])
            .ToDictionary(x => $"{address}/{x}", x =>
            (object)new { auth = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{x}:p")) });
        File.WriteAllText(_directory / "config.json", JsonSerializer.Serialize(new { auths }));
        using var client = TestRegistry.Open(address, new DockerCredentials(_directory / "config.json"));
        foreach (var team in (string[])["team-a", "team-b", "team-a"]) await client.GetBlobAsync($"{team}/b", s_blob);
        Assert.Equal([("team-a", "team-a:p"), ("team-b", "team-b:p")], seen.Select(x => (x.Key, x.Value)).Order());
        var problem = await Assert.ThrowsAsync<ProblemException>(() => client.GetBlobAsync("team-c/b", s_blob));
        Assert.Contains($"wants credentials for {address}/team-c/b", problem.Message, StringComparison.Ordinal);
        Assert.Equal(2, seen.Count);
    }

    /// <summary>307 and 308 mean the same request elsewhere (RFC 9110, section 15.4), its body included, and nobody
    /// else gets the credentials.</summary>
    [Theory]
    [InlineData(307, true)]
    [InlineData(308, true)]
    [InlineData(307, false)]
    [InlineData(308, false)]
    public async Task UploadsFollowRedirects(int status, bool toAnotherHost)
    {
        var seen = new ConcurrentQueue<string>();
        (int, byte[], (string, string)[]) Serve(System.Net.HttpListenerRequest request, string place)
        {
            var body = new MemoryStream();
            request.InputStream.CopyTo(body);
            seen.Enqueue(
                $"{request.HttpMethod} {place} {Encoding.UTF8.GetString(body.ToArray())} " +
                $"{(request.Headers["Authorization"] is null ? "anonymous" : "me")}");
            return request.HttpMethod switch
            {
                "POST" => (202, [], [("Location", "/v2/a/b/blobs/uploads/1")]),
                "PUT" => (201, [], []),
                _ => (404, [], []),
            };
        }

        using var other = new HttpServer(request => Serve(request, "other"));
        HttpServer? registry = null;
        registry = new HttpServer(request =>
        {
            var isMoved = request.RawUrl!.Contains("moved", StringComparison.Ordinal);
            if (request.Headers["Authorization"] is null && !isMoved)
                return (401, [], [("WWW-Authenticate", "Basic realm=\"x\"")]);
            if (request.HttpMethod is "HEAD") return (404, [], []);
            if (request.RawUrl!.Contains("moved", StringComparison.Ordinal)) return Serve(request, "here");
            request.InputStream.CopyTo(Stream.Null);
            return (status, [],
                [("Location", $"{(toAnotherHost ? other.Address : registry!.Address)}moved{request.RawUrl}")]);
        });
        using var server = registry;
        var address = new Uri(registry.Address).Authority;
        File.WriteAllText(_directory / "config.json",
            JsonSerializer.Serialize(
            new { auths = new Dictionary<string, object> { [address] = new { auth = "bWU6c2VjcmV0" } } }));
        using var client = TestRegistry.Open(address, new DockerCredentials(_directory / "config.json"));
        await client.PutManifestAsync("a/b", "t", OciMediaTypes.Index, "{}"u8.ToArray());
        Assert.Equal([$"PUT {(toAnotherHost ? "other {} anonymous" : "here {} me")}"], seen);
        seen.Clear();
        if (toAnotherHost) return;
        // The upload goes on where its own answers say.
        Assert.Equal(BlobTransfer.Uploaded,
            await client.PushBlobAsync("a/b", s_blob, () => new MemoryStream(s_content)));
        Assert.Equal(["POST here  me", "PUT here content me"], seen);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    public async Task OtherRedirectsOfUploadsAreProblems(int status)
    {
        using var registry = new HttpServer(request => (status, [], [("Location", "/elsewhere")]));
        using var client = Open(registry);
        var problem =
            await Assert.ThrowsAsync<ProblemException>(() =>
            client.PutManifestAsync("a/b", "t", OciMediaTypes.Index, "{}"u8.ToArray()));
        Assert.Contains($"answers {status} to the upload of t", problem.Message, StringComparison.Ordinal);
    }

    /// <summary>A page of a gateway is no answer of a registry, and no index of an image.</summary>
    [Theory]
    [InlineData("<!DOCTYPE html><html>Log in</html>", "it is an HTML page, and not JSON")]
    [InlineData("""{"manifests":null}""", "manifests is missing, or no array")]
    [InlineData("", "it is empty, and not JSON")]
    public async Task WhatIsNoListOfReferrersIsToldByWhatItIs(string body, string expected)
    {
        using var registry =
            new HttpServer(_ => (200, Encoding.UTF8.GetBytes(body), [("Content-Type", OciMediaTypes.Index)]));
        using var client = Open(registry);
        var problem =
            await Assert.ThrowsAsync<ProblemException>(() => client.ReferrersAsync("a/b", s_blob.Digest, default));
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
        Assert.True(problem.IsUnknown);
        problem =
            await Assert.ThrowsAsync<ProblemException>(() =>
            RemoteImage.FindAsync(client, new RegistryReference(client.Registry, "a/b", "t")));
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    static RegistryClient Open(HttpServer server) => TestRegistry.Open(new Uri(server.Address).Authority);

    /// <summary>Gives a token for whatever is asked for, and remembers it.</summary>
    sealed class Tokens : IDisposable
    {
        readonly HttpServer _server;

        public Tokens() => _server = new HttpServer(request =>
        {
            var scope = string.Join(' ', request.QueryString.GetValues("scope") ?? []);
            Asked.Enqueue(scope);
            return (200, JsonSerializer.SerializeToUtf8Bytes(new { token = Of(scope) }), []);
        });

        public ConcurrentQueue<string> Asked { get; } = new();

        public static string Of(string scope) => Convert.ToHexString(Encoding.UTF8.GetBytes(scope));

        public (int Status, byte[] Body, (string, string)[] Headers) Refuse(string scope, string? error) =>
            (401, [], [("WWW-Authenticate",
            $"Bearer " +
                $"realm=\"{_server.Address}token\",service=\"x\"{(scope.Length == 0 ? "" : $",scope=\"{scope}\"")}" +
                (error is null ? "" : $",error=\"{error}\""))]);

        public void Dispose() => _server.Dispose();
    }
}
