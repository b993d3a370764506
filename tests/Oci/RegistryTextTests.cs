using System.Net;
using System.Text;
using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Oci;

/// <summary>What registries and people write: references, challenges, links, errors.</summary>
public sealed class RegistryTextTests
{
    const string Digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";

    [Theory]
    [InlineData("ubuntu:noble", "docker.io/library/ubuntu:noble")]
    [InlineData("a/b", "docker.io/a/b")]
    [InlineData("ghcr.io/astral-sh/uv:0.9", "ghcr.io/astral-sh/uv:0.9")]
    [InlineData("localhost/x", "localhost/x")]
    public void WithoutARegistryItIsDockerHubs(string text, string reference) =>
        Assert.Equal(reference, RegistryReference.ParseFamiliar(text).ToString());

    [Theory]
    [InlineData("ghcr.io/c5c3/keystone", "ghcr.io", "c5c3/keystone", null, null)]
    [InlineData("ghcr.io/c5c3/keystone:2025.1", "ghcr.io", "c5c3/keystone", "2025.1", null)]
    [InlineData($"127.0.0.1:5000/x@{Digest}", "127.0.0.1:5000", "x", null, Digest)]
    [InlineData($"[::1]:5000/a/b__c/d-e:t@{Digest}", "[::1]:5000", "a/b__c/d-e", "t", Digest)]
    [InlineData("localhost/x:_", "localhost", "x", "_", null)]
    [InlineData("docker.io/ubuntu:noble", "docker.io", "library/ubuntu", "noble", null)]
    [InlineData("docker.io/a/b", "docker.io", "a/b", null, null)]
    public void ReferencesAreTakenApart(string text, string registry, string repository, string? tag, string? digest) =>
        Assert.Equal(new RegistryReference(registry, repository, tag, digest), RegistryReference.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("keystone")]
    [InlineData("c5c3/keystone")]
    [InlineData("ghcr.io/")]
    [InlineData("ghcr.io/C5C3/keystone")]
    [InlineData("ghcr.io/a//b")]
    [InlineData("ghcr.io/../b")]
    [InlineData("ghcr.io/a:")]
    [InlineData("ghcr.io/a:-x")]
    [InlineData("ghcr.io/a@sha256:44")]
    [InlineData("ghcr.io/a?x=y")]
    [InlineData("user@ghcr.io/a")]
    [InlineData("https://ghcr.io/a")]
    [InlineData("ghcr.io:99999/a")]
    [InlineData("ghcr.io/a\n")]
    public void WhatIsNoReferenceIsAnError(string text) => Assert.Contains("is no reference",
        Assert.Throws<ProblemException>(() => RegistryReference.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("127.0.0.1:5000", "http://127.0.0.1:5000/")]
    [InlineData("127.1.2.3", "http://127.1.2.3/")]
    [InlineData("localhost:1", "http://localhost:1/")]
    [InlineData("[::1]:5000", "http://[::1]:5000/")]
    [InlineData("ghcr.io", "https://ghcr.io/")]
    [InlineData("localhost.example.org", "https://localhost.example.org/")]
    [InlineData("10.0.0.1:5000", "https://10.0.0.1:5000/")]
    [InlineData("docker.io", "https://registry-1.docker.io/")]
    public void OnlyTheLoopbackIsSpokenToInTheClear(string registry, string address) =>
        Assert.Equal(address, RegistryReference.AddressOf(registry).AbsoluteUri);

    [Theory]
    [InlineData("Basic realm=\"x\"", "basic{realm=x}")]
    [InlineData("Bearer realm=\"https://a/token\",service=\"r\",scope=\"repository:a:pull,push\"",
        "bearer{realm=https://a/token service=r scope=repository:a:pull,push}")]
    [InlineData("bearer REALM = \"a\" , service = b", "bearer{realm=a service=b}")]
    [InlineData("Negotiate, Basic realm=\"a, b\", Bearer realm=c", "negotiate{} basic{realm=a, b} bearer{realm=c}")]
    [InlineData("Bearer realm=\"a \\\"b\\\" \\\\c\"", "bearer{realm=a \"b\" \\c}")]
    [InlineData("Bearer realm=\"open", "bearer{realm=open}")]
    [InlineData("Bearer realm=\"a\",realm=\"b\"", "bearer{realm=a}")]
    [InlineData("", "")]
    [InlineData(",,= =\"\"", "")]
    public void ChallengesAreTakenApart(string header, string expected) =>
        Assert.Equal(expected, string.Join(' ', AuthChallenge.Parse(header).Select(x =>
            $"{x.Scheme}{{{string.Join(' ', x.Parameters.Select(y => $"{y.Key}={y.Value}"))}}}")));

    [Theory]
    [InlineData("</v2/_catalog?last=a&n=1>; rel=\"next\"", "/v2/_catalog?last=a&n=1")]
    [InlineData("<a>; rel=prev, <b>; rel=next", "b")]
    [InlineData("<a>; title=\"x\"; REL=\"last next\"", "a")]
    [InlineData("<a>; rel=prev", null)]
    [InlineData("<a", null)]
    [InlineData("a; rel=next", null)]
    [InlineData("", null)]
    public void TheNextPageIsFound(string header, string? next) => Assert.Equal(next, LinkHeader.Next(header));

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("1", 1.0)]
    [InlineData(" 120 ", 120.0)]
    [InlineData("Sat, 21 Nov 2026 12:00:30 GMT", 30.0)]
    [InlineData("Sat, 21 Nov 2026 11:00:00 GMT", 0.0)]
    [InlineData("99999999999999", 86400.0)]
    [InlineData("-1", null)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public void RetryAfterIsSecondsOrADate(string? value, double? seconds) =>
        Assert.Equal(seconds, TransientFailure.RetryAfter(value,
            new DateTimeOffset(2026, 11, 21, 12, 0, 0, TimeSpan.Zero))?.TotalSeconds);

    [Theory]
    [InlineData(429, true)]
    [InlineData(408, true)]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(520, true)]
    [InlineData(501, false)]
    [InlineData(507, false)]
    [InlineData(400, false)]
    [InlineData(403, false)]
    [InlineData(404, false)]
    [InlineData(413, false)]
    public void OnlySomeStatusesPass(int status, bool passes) =>
        Assert.Equal(passes, TransientFailure.Is((HttpStatusCode)status));

    [Fact]
    public Task ErrorsSayWhatTheRegistrySaysAndWhatToDo()
    {
        (int, string, string?)[] answers =
        [
            (403, """{"errors":[{"code":"DENIED","message":"requested access to the resource is denied","detail":[{"Type":"repository"}]}]}""",
                null),
            (403, """{"errors":[{"code":"DENIED","message":"permission_denied: write_package"}]}""",
                "/home/me/.docker/config.json"),
            (404, """{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry","detail":{"name":"a/b"}}]}""",
                null),
            (403, """{"errors":[{"code":"DENIED","message":"adding 1.2 GiB of storage resource, which when updated to current usage will exceed the configured upper limit: quota"}]}""",
                "x"),
            (400, """{"errors":[{"code":"TAG_IMMUTABLE","message":"The image tag already exists"},{"code":"UNSUPPORTED"}]}""",
                null),
            (429, """{"errors":[{"code":"TOOMANYREQUESTS","message":"pull rate limit"}]}""", null),
            (413, "<html><body>413 Request Entity Too Large</body></html>", null),
            (400, "plain \u001b[31mtext", null),
            (401, """{"error":"invalid_grant","error_description":"Refresh token is gone"}""", null),
            (500, "", null),
        ];
        return Verify(string.Join('\n', answers.Select(x =>
        {
            var errors = RegistryError.Parse(Encoding.UTF8.GetBytes(x.Item2));
            return $"{x.Item1} {string.Join("; ", errors)}\n"
                + $"    {RegistryError.RemedyFor("ghcr.io", (HttpStatusCode)x.Item1, errors, x.Item3) ?? "-"}";
        })));
    }

    [Fact]
    public void AManifestThatCarriesABundleHasNoTimeOfItsOwn()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory / "sign.sigstore.json", """{"mediaType":"x"}""");
        var bundle = new AttachedBundle(new OciDescriptor(OciMediaTypes.Manifest, Digest, 2), AttachedBundle.Signature,
            directory / "sign.sigstore.json");
        // Byte for byte: cosign and other tools find it by what it says, and the next publication by its digest.
        Assert.Equal(
            """{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","artifactType":"application/vnd.dev.sigstore.bundle.v0.3+json","config":{"mediaType":"application/vnd.oci.empty.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"layers":[{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","digest":"sha256:91ff5e056b1a19ef14af9a66165ae1a93e57ead7428fea2cdefcb4213e41bdc7","size":17}],"subject":{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","size":2},"annotations":{"dev.sigstore.bundle.content":"dsse-envelope","dev.sigstore.bundle.predicateType":"https://sigstore.dev/cosign/sign/v1"}}""",
            Encoding.UTF8.GetString(Referrer.Of(bundle).Content));
    }

    [Fact]
    public void TheListOfBundlesIsReadBack()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory / "a.sigstore.json", "{}");
        var bundles = new[]
        {
            new AttachedBundle(new OciDescriptor(OciMediaTypes.Manifest, Digest, 2), AttachedBundle.Signature,
                directory / "a.sigstore.json"),
        };
        AttachedBundle.WriteAll(directory / "bundles.json", bundles);
        Assert.Equal(bundles, AttachedBundle.ReadAll(directory / "bundles.json"));
        File.WriteAllText(directory / "bundles.json", File.ReadAllText(directory / "bundles.json")
            .Replace("a.sigstore", "../a.sigstore", StringComparison.Ordinal));
        Assert.Contains("is not beside it",
            Assert.Throws<ProblemException>(() => AttachedBundle.ReadAll(directory / "bundles.json")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void TheIndexOfReferrersKeepsWhatOthersListed()
    {
        JsonElement Entry(char x, string more = "") => JsonDocument.Parse(
            $$"""{"mediaType":"m","digest":"sha256:{{new string(x, 64)}}","size":1{{more}}}""").RootElement;
        var first = ReferrersIndex.Merge([Entry('c', ""","x":{"y":[1]}"""), Entry('a')], [Entry('b')]);
        // Whoever comes later and in whatever order writes the same bytes.
        Assert.Equal(first, ReferrersIndex.Merge([Entry('b'), Entry('a')], [Entry('c', ""","x":{"y":[1]}""")]));
        Assert.Equal(first, ReferrersIndex.Merge(ReferrersIndex.Read(first, "x"), [Entry('a')]));
        Assert.Contains(""","x":{"y":[1]}""", Encoding.UTF8.GetString(first), StringComparison.Ordinal);
        Assert.Contains("is no index of referrers",
            Assert.Throws<ProblemException>(() => ReferrersIndex.Read("""{"config":{}}"""u8.ToArray(), "x")).Message,
            StringComparison.Ordinal);
    }
}
