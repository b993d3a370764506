using System.Net;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Tests.Constraints;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Oci;

/// <summary>
/// What others write may be anything; what comes of it is a value or a problem, and never a file elsewhere.
/// </summary>
public sealed class RegistryFuzzTests : IDisposable
{
    const int Rounds = 1000;

    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Challenges() => EachMutation(
        """Bearer realm="https://auth.example.org/token",service="x",scope="repository:a/b:pull,push", Basic realm="a \"b\"" """,
        (text, _) => AuthChallenge.Parse(text));

    [Fact]
    public void Scopes() =>
        EachMutation("repository:a/b:pull,push repository:host:5000/c:pull registry:catalog:* x", (text, _) =>
    {
        var merged = TokenScopes.Merge(["repository:a/b:pull,push", "repository:c/d:pull"], text);
        Assert.Contains("repository:c/d", string.Join(' ', merged), StringComparison.Ordinal);
        Assert.Equal(merged,
            TokenScopes.Merge(["repository:a/b:pull,push", "repository:c/d:pull"], string.Join(' ', merged)));
    });

    [Fact]
    public void References() => EachMutation(
        "registry.example.org:5000/c5c3/keystone:2025.1@sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
        (text, seed) =>
        {
            var reference = RegistryReference.Parse(text);
            Assert.Equal(reference, RegistryReference.Parse(reference.ToString()));
            _ = RegistryReference.AddressOf(reference.Registry);
        });

    [Fact]
    public void Errors() => EachMutation(
        """{"errors":[{"code":"DENIED","message":"requested access is denied","detail":[{"Type":"repository","Name":"a"}]},{"code":"X"}]}""",
        (text, seed) =>
        {
            var errors = RegistryError.Parse(Encoding.UTF8.GetBytes(text));
            _ = RegistryError.RemedyFor("x", HttpStatusCode.BadRequest, errors, null);
            Assert.DoesNotContain(errors, x => x.ToString().Any(char.IsControl));
        });

    [Fact]
    public void LinksAndWaits() => EachMutation(
        """<https://x/v2/a?n=1&last=b>; rel="next", </v2/c>; rel=prev 120 Sat, 21 Nov 2026 12:00:30 GMT""",
        (text, seed) =>
        {
            _ = LinkHeader.Next(text);
            _ = TransientFailure.RetryAfter(text[(text.Length * (seed % 3) / 4)..], DateTimeOffset.UtcNow);
        });

    [Fact]
    public void CredentialFiles() =>
        EachMutation(
        """{"auths":{"ghcr.io":{"auth":"bWU6YTpi"},"https://index.docker.io/v1/":{"identitytoken":"t"},"ghcr.io/team/a":{"auth":"bWU6YTpi"}},"credHelpers":{"a.example.org":"x"},"HttpHeaders":{"a":"b"}}""",
        (text, seed) =>
    {
        File.WriteAllText(_directory / "config.json", text, new UTF8Encoding(false));
        _ = new DockerCredentials(_directory / "config.json").FindAsync("ghcr.io", "team/a/b").GetAwaiter().GetResult();
    });

    [Fact]
    public void IndexesOfReferrers()
    {
        var entry =
            $$"""{"mediaType":"{{OciMediaTypes.Manifest}}","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2,"artifactType":"x"}""";
        EachMutation(
            $$"""{"schemaVersion":2,"mediaType":"{{OciMediaTypes.Index}}","manifests":[{{entry}},{{entry.Replace("4413", "5524", StringComparison.Ordinal)}}]}""",
            (text, seed) =>
            {
                var entries = ReferrersIndex.Read(Encoding.UTF8.GetBytes(text), "x");
                Assert.Equal(ReferrersIndex.Merge(entries, []), ReferrersIndex.Merge(entries.Reverse(), []));
            });
    }

    [Fact]
    public void ListsOfBundles()
    {
        File.WriteAllText(_directory / "a.json", "{}");
        EachMutation(
            $$$"""[{"subject":{"mediaType":"{{{OciMediaTypes.Manifest}}}","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"predicateType":"x","file":"a.json"}]""",
            (text, seed) =>
            {
                File.WriteAllText(_directory / "bundles.json", text, new UTF8Encoding(false));
                Assert.All(AttachedBundle.ReadAll(_directory / "bundles.json"),
                    x => Assert.True(_directory.Path.Contains(x.File)));
            });
    }

    /// <summary>Manifests, indexes and configurations of a layout.</summary>
    [Theory]
    [InlineData("index.json")]
    [InlineData("index")]
    [InlineData("manifest")]
    [InlineData("config")]
    public void Layouts(string what)
    {
        var image = TestImage.Make(_directory / "image", "a/b", [(1, 100), (2, 50)], [new("t", true)],
            "linux/amd64", "linux/arm64");
        var manifest = image.Layout.ReadManifest();
        string[] chain = [manifest.Config.Digest, manifest.Digest, image.Layout.Digest];
        var contents = chain.Select(x => File.ReadAllText(image.Layout.Blob(x)))
            .Append(File.ReadAllText(image.Layout.Directory / "index.json")).ToList();
        var place = Array.IndexOf(["config", "manifest", "index", "index.json"], what);
        EachMutation(contents[place], (text, seed) =>
        {
            // Digests are compared first: whoever leads to it leads to what it is now.
            for (var at = place; at < chain.Length; at++)
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                var digest = OpenStack.Storage.Digest.OfBytes(bytes);
                File.WriteAllBytes(image.Layout.Blob(digest), bytes);
                text = contents[at + 1].Replace(chain[at], digest, StringComparison.Ordinal);
            }

            File.WriteAllText(image.Layout.Directory / "index.json", text, new UTF8Encoding(false));
            var layout = OciLayout.Open(image.Layout.Directory);
            _ = PublishedContent.Of(image with { Layout = layout });
            OciArchive.WriteAsync(layout, ["a/b:t"], Stream.Null).GetAwaiter().GetResult();
        });
    }

    /// <summary>Answers of a registry, whole: their status, their headers, their bodies.</summary>
    [Fact]
    public async Task Answers()
    {
        var mutator = new Mutator(7);
        var random = FuzzSeed.At(7);
        var body =
            $$"""{"schemaVersion":2,"mediaType":"{{OciMediaTypes.Index}}","manifests":[],"tags":["a","b"],"token":"x","expires_in":60}""";
        (string, string)[] headers = [("Content-Type", OciMediaTypes.Index),
            ("Docker-Content-Digest", "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
            ("Location", "/v2/a/b/blobs/uploads/1?_state=x"), ("Range", "0-99"),
            ("Link", "</v2/a/b/tags/list?last=b>; rel=\"next\""),
            ("WWW-Authenticate", "Bearer realm=\"http://127.0.0.1:1/\",service=\"x\""), ("Retry-After", "0")];
        int[] statuses = [200, 200, 200, 201, 202, 202, 204, 206, 301, 307, 400, 401, 403, 404, 416, 429, 500, 503];
        using var server = new HttpServer(_ =>
        {
            lock (random)
            {
                var sent = headers.Where(_ => random.Next(2) == 0)
                    .Select(x => (x.Item1, string.Concat((random.Next(2) == 0 ? x.Item2 : mutator.Mutate(x.Item2))
                        .Where(y => y is >= ' ' and <= '~'))))
                    .ToArray();
                var status = statuses[random.Next(statuses.Length)];
                return (status,
                    status is 204 ? [] : Encoding.UTF8.GetBytes(random.Next(2) == 0 ? body : mutator.Mutate(body)),
                    sent);
            }
        });
        using var client = TestRegistry.Open(new Uri(server.Address).Authority, budget: TimeSpan.FromMilliseconds(20));
        var blob = new OciDescriptor("x", "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a", 2);
        Func<Task>[] questions =
        [
            () => client.HeadManifestAsync("a/b", "t"), () => client.GetManifestAsync("a/b", "t"),
            () => client.TagsAsync("a/b"),
            () => client.PutManifestAsync("a/b", "t", OciMediaTypes.Index, "{}"u8.ToArray()),
            () => client.PushBlobAsync("a/b", blob, () => new MemoryStream("{}"u8.ToArray()), "c/d"),
            () => client.GetBlobAsync("a/b", blob),
            () => client.DownloadBlobAsync("a/b", blob, _directory / "downloads" / "blob"),
            () => new Referrers(client).OfAsync("a/b", blob.Digest), () => client.DeleteManifestAsync("a/b", "t"),
        ];
        var problems = new List<string>();
        for (var i = 0; i < Rounds; i++)
        {
            try
            {
                await questions[i % questions.Length]();
            }
            catch (ProblemException e)
            {
                problems.Add(e.Message);
            }
        }

        Assert.True(problems.Count is > 0 and < Rounds, $"{problems.Count} problems, most often: "
            + string.Join('\n', problems.CountBy(x => x).OrderByDescending(x => x.Value).Take(5)));
        Assert.All(Directory.EnumerateFileSystemEntries(_directory.Path),
            x => Assert.EndsWith("/downloads", x, StringComparison.Ordinal));
    }

    /// <summary>
    /// One odd answer may name a token server that nobody can reach; the next request asks the registry.
    /// </summary>
    [Fact]
    public async Task ATokenServerThatCannotBeReachedIsAskedForOneRequestAlone()
    {
        var requests = 0;
        using var server = new HttpServer(_ => Interlocked.Increment(ref requests) == 1
            ? (401, [], [("WWW-Authenticate", "Bearer realm=\"http://127.0.0.1:1/\",service=\"x\"")])
            : (200, """{"name":"a/b","tags":["t"]}"""u8.ToArray(), [("Content-Type", "application/json")]));
        var address = new Uri(server.Address).Authority;
        using var client = TestRegistry.Open(address, budget: TimeSpan.FromMilliseconds(20));
        var problem = await Assert.ThrowsAsync<ProblemException>(() => client.TagsAsync("a/b"));
        Assert.StartsWith($"{address} names 127.0.0.1:1 as its token server: 127.0.0.1:1 cannot be reached",
            problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("See whether it runs", problem.Message, StringComparison.Ordinal);
        Assert.Equal(["t"], await client.TagsAsync("a/b"));
    }

    static void EachMutation(string text, Action<string, int> action)
    {
        var mutator = new Mutator(42);
        for (var i = 0; i < Rounds; i++)
        {
            var mutated = mutator.Mutate(text);
            try
            {
                action(mutated, i);
            }
            catch (ProblemException)
            {
                // That is what it is for.
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{e.GetType().Name} of: {mutated}", e);
            }
        }
    }
}
