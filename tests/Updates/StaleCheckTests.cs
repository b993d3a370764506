using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Tests.Oci;
using OpenStack.Updates;

namespace OpenStack.Tests.Updates;

/// <summary>
/// A registry with an upstream's image, a base that is built on it, and services that are built on that, each for two
/// platforms.
/// </summary>
[Trait("Group", "Lab")]
public sealed class StaleCheckTests : IDisposable
{
    const string Amd64 = "linux/amd64";
    const string Arm64 = "linux/arm64";
    const string BaseName = "ghcr.io/c5c3/python-base";
    const string Commit = "1111111111111111111111111111111111111111";

    static readonly string[] s_both = [Amd64, Arm64];

    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("stale-").FullName;
    readonly TestRegistry _registry = new();
    readonly RegistryClient _client;
    int _made;

    public StaleCheckTests() => _client = _registry.Open();

    public void Dispose()
    {
        _client.Dispose();
        _registry.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task WhatWouldComeOutTheSameIsNotStale()
    {
        await PublishServiceAsync("keystone", await PublishBaseAsync(await PublishUpstreamAsync()));
        var report = await CheckAsync();
        Assert.All(report.Images, x => Assert.Empty(x.Because.Concat(x.Unknown)));
        Assert.Equal("2 up to date", report.Summary());
        Assert.Empty(report.Stale);
    }

    [Fact]
    public async Task AnotherBaseIsToldPlatformByPlatform()
    {
        var upstream = await PublishUpstreamAsync();
        var before = await PublishBaseAsync(upstream);
        await PublishServiceAsync("keystone", before);
        var now = await PublishBaseAsync(upstream);
        Assert.Equal([
            .. s_both.Select(x => $"python-base moved: {Short(DigestOf(before, x))} → {Short(DigestOf(now, x))} ({x})"),
        ], await ReasonsAsync());
    }

    [Fact]
    public async Task OneOfThePlatformsMayHaveAnotherBase()
    {
        var upstream = await PublishUpstreamAsync();
        var (other, now) = (await PublishBaseAsync(upstream), await PublishBaseAsync(upstream));
        await PublishAsync("keystone", "2025.1", s_both,
            x => Labels(BaseName, DigestOf(x == Arm64 ? other : now, x), Commit));
        Assert.Equal(
            [$"python-base moved: {Short(DigestOf(other, Arm64))} → {Short(DigestOf(now, Arm64))} (linux/arm64)"],
            await ReasonsAsync());
    }

    [Fact]
    public async Task WhatUpstreamPublishesConcernsEverything()
    {
        var before = await PublishUpstreamAsync();
        await PublishServiceAsync("keystone", await PublishBaseAsync(before));
        await PublishServiceAsync("nova", await PublishBaseAsync(before));
        var moved = $"upstream/ubuntu:noble moved: {Short(before.Layout.Digest)} → "
            + $"{Short((await PublishUpstreamAsync()).Layout.Digest)}";
        var report = await CheckAsync("keystone", "nova");
        Assert.Equal([moved], report.Images[0].Because);
        Assert.Equal(["keystone", "nova"], report.Stale.Select(x => x.Service));
        Assert.All(report.Stale, x => Assert.Equal($"python-base is stale: {moved}", x.Because[0]));
    }

    [Fact]
    public async Task ABaseThatNamesAPlatformOfUpstreamIsComparedWithThat()
    {
        var upstream = await PublishUpstreamAsync();
        var pythonBase = await PublishAsync("python-base", "latest", s_both,
            x => Labels("upstream/ubuntu:noble", DigestOf(upstream, x)));
        await PublishServiceAsync("keystone", pythonBase);
        Assert.Empty(await ReasonsAsync());
    }

    [Fact]
    public async Task ABaseOfOnePlatformIsAManifestAndTheOtherPlatformHasNone()
    {
        var upstream = await PublishUpstreamAsync();
        await PublishServiceAsync("keystone", await PublishBaseAsync(upstream));
        var single = await PublishAsync("python-base", "latest", [Amd64],
            _ => Labels("upstream/ubuntu:noble", upstream.Layout.Digest));
        var reasons = await ReasonsAsync();
        Assert.Equal(2, reasons.Count);
        Assert.EndsWith($"→ {Short(single.Layout.Digest)} (linux/amd64)", reasons[0], StringComparison.Ordinal);
        Assert.Equal("python-base is not published for linux/arm64 any more (linux/arm64)", reasons[1]);
        await PublishAsync("keystone", "2025.1", [Amd64], _ => Labels(BaseName, single.Layout.Digest, Commit));
        Assert.Empty(await ReasonsAsync());
    }

    [Fact]
    public async Task APlatformThatTheBaseHasIsMissed()
    {
        var pythonBase = await PublishBaseAsync(await PublishUpstreamAsync());
        await PublishAsync("keystone", "2025.1", [Amd64], x => Labels(BaseName, DigestOf(pythonBase, x), Commit));
        Assert.Equal(["not published for linux/arm64"], await ReasonsAsync());
    }

    [Fact]
    public async Task AnotherCommitIsNamedWithItsVersion()
    {
        await PublishServiceAsync("keystone", await PublishBaseAsync(await PublishUpstreamAsync()));
        var report = await RunAsync([Expected("keystone") with { Commit = new string('2', 40) }]);
        Assert.Equal(["ref 27.0.2 is at 222222222222, the image has 111111111111 (27.0.1)"], report.Images[1].Because);
        report =
            await RunAsync([Expected("keystone") with { Commit = null, Unknown = "opendev.org cannot be reached" }]);
        Assert.Empty(report.Stale);
        Assert.Equal(["ref 27.0.2: opendev.org cannot be reached"], report.Images[1].Unknown);
        Assert.Equal(["keystone 2025.1: ref 27.0.2: opendev.org cannot be reached"],
            report.Violations([OutdatedPolicy.Unknown]).Select(x => x.ToString()));
        Assert.Empty(report.Violations([OutdatedPolicy.Stale]));
    }

    [Fact]
    public async Task WhatIsNotThereOrSaysNothingIsToBeBuilt()
    {
        Assert.Equal(["not published"], await ReasonsAsync(service: 0));
        await PublishAsync("keystone", "2025.1", [Amd64], _ => new Dictionary<string, string>());
        Assert.Equal(["python-base is stale: not published", "does not say what it is built on",
            "ref 27.0.2 is at 111111111111, the image has no revision"], await ReasonsAsync());
        await PublishAsync("keystone", "2025.1", [Amd64],
            _ => Labels("ghcr.io/other/python-base", new string('0', 64), Commit));
        Assert.Equal("built on ghcr.io/other/python-base, not on ghcr.io/c5c3/python-base", (await ReasonsAsync())[1]);
    }

    /// <summary>Nobody knows, so nothing is stale; whether that is an error is a matter of policy.</summary>
    [Fact]
    public async Task AnUpstreamThatCannotBeAskedIsUnknown()
    {
        var upstream = await PublishUpstreamAsync();
        await PublishServiceAsync("keystone", await PublishBaseAsync(upstream));
        await _client.DeleteManifestAsync("upstream/ubuntu", upstream.Layout.Digest);
        var report = await CheckAsync();
        Assert.Empty(report.Stale);
        Assert.Equal(["upstream/ubuntu:noble is not in its registry"], report.Images[0].Unknown);
        // It is as old as what it is built on.
        Assert.Equal(["python-base: upstream/ubuntu:noble is not in its registry"], report.Images[1].Unknown);
        Assert.Equal("2 unknown", report.Summary());

        report = await new StaleCheck(_client, _ => throw new ProblemException("nobody answers"))
            .RunAsync(At("python-base", "latest"), BaseName, [Expected("keystone")]);
        Assert.Equal(["upstream/ubuntu:noble cannot be looked up: nobody answers"], report.Images[0].Unknown);
        Assert.Equal(["python-base: upstream/ubuntu:noble cannot be looked up: nobody answers",
            "keystone 2025.1: python-base: upstream/ubuntu:noble cannot be looked up: nobody answers"],
            report.Violations([OutdatedPolicy.Stale, OutdatedPolicy.Unknown]).Select(x => x.ToString()));
    }

    [Fact]
    public async Task WhatTheRegistryCannotGiveIsToldOfEachImage()
    {
        var pythonBase = await PublishBaseAsync(await PublishUpstreamAsync());
        foreach (var service in (string[])["keystone", "nova"])
        {
            var image = await PublishServiceAsync(service, pythonBase);
            await _client.DeleteManifestAsync($"c5c3/{service}", DigestOf(image, Arm64));
        }

        // What is not known of two keeps nobody from knowing about the third, and is no answer of its own.
        await PublishServiceAsync("glance", pythonBase);
        var report = await CheckAsync("keystone", "nova", "glance");
        Assert.Equal("2 unknown, 2 up to date", report.Summary());
        Assert.All(report.Images.Skip(1).Take(2),
            x => Assert.Contains("(linux/arm64), which", Assert.Single(x.Unknown), StringComparison.Ordinal));
        Assert.Empty(report.Stale);
        using var impatient = TestRegistry.Open(TestRegistry.FreeAddress().ToString(),
            budget: TimeSpan.FromMilliseconds(200));
        var problems = (await Assert.ThrowsAsync<ProblemException>(() => new StaleCheck(impatient,
            _ => Task.FromResult<RemoteImage?>(null)).RunAsync(At("python-base", "latest"), BaseName,
                [Expected("keystone"), Expected("nova")]))).Problems;
        Assert.Equal(3, problems.Count);
    }

    Task<PublishedImage> PublishUpstreamAsync() =>
        PublishAsync("upstream/ubuntu", "noble", s_both, _ => new Dictionary<string, string>());

    Task<PublishedImage> PublishBaseAsync(PublishedImage upstream) =>
        PublishAsync("python-base", "latest", s_both, _ => Labels("upstream/ubuntu:noble", upstream.Layout.Digest));

    Task<PublishedImage> PublishServiceAsync(string service, PublishedImage pythonBase) =>
        PublishAsync(service, "2025.1", s_both, x => Labels(BaseName, DigestOf(pythonBase, x), Commit));

    async Task<PublishedImage> PublishAsync(string image, string tag, IReadOnlyList<string> platforms,
        Func<string, IReadOnlyDictionary<string, string>> labels)
    {
        var seed = 10 * ++_made;
        var made = TestImage.Make(_directory / $"{_made}", image.Contains('/') ? image : $"c5c3/{image}", [(seed, 100)],
            [new PublishedTag(tag, true)], labels, platforms);
        await new Publication(_client).RunAsync([made]);
        return made;
    }

    static IReadOnlyDictionary<string, string> Labels(string baseName, string baseDigest, string? revision = null) =>
        ImageLabels.Of("image", DateTimeOffset.UnixEpoch, baseName, baseDigest,
            revision is null ? null : "27.0.1", revision);

    static string DigestOf(PublishedImage image, string platform) =>
        image.Layout.Manifests().Single(x => x.Platform == platform).Digest;

    static string Short(string digest) => digest[..19];

    RegistryReference At(string image, string tag) => new(_registry.Address.ToString(), $"c5c3/{image}", tag);

    ExpectedImage Expected(string service) => new(service, "2025.1", At(service, "2025.1"), "27.0.2", Commit);

    Task<StaleReport> CheckAsync(params IReadOnlyList<string> services) =>
        RunAsync([.. (services.Count == 0 ? ["keystone"] : services).Select(Expected)]);

    /// <summary>
    /// Upstream is a name without a registry, as Dockerfiles have them; here this registry stands for all of them.
    /// </summary>
    Task<StaleReport> RunAsync(IReadOnlyList<ExpectedImage> images) =>
        new StaleCheck(_client,
            x => RemoteImage.FindAsync(_client, RegistryReference.Parse($"{_registry.Address}/{x}"))).RunAsync(
                At("python-base", "latest"), BaseName, images);

    async Task<IReadOnlyList<string>> ReasonsAsync(int service = 1) => (await CheckAsync()).Images[service].Because;
}
