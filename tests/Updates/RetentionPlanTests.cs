using System.Diagnostics;
using System.Text;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;
using OpenStack.Tests.Oci;
using OpenStack.Updates;
using Xunit.Abstractions;

namespace OpenStack.Tests.Updates;

/// <summary>Retention on the laboratory's registry. <c>BUILDS</c> in the environment makes more of them.</summary>
[Trait("Group", "Lab")]
public sealed class RetentionPlanTests(ITestOutputHelper output) : IDisposable
{
    const string Repository = "c5c3/keystone";
    static readonly DateTimeOffset s_now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly IReadOnlySet<string> s_nothing = new HashSet<string>();

    readonly TestRegistry _registry = new();
    readonly int _builds = int.TryParse(Environment.GetEnvironmentVariable("BUILDS"), out var builds) ? builds : 150;

    public void Dispose() => _registry.Dispose();

    [Fact]
    public async Task WhatIsKeptStaysWholeAndTheRestGoes()
    {
        using var client = _registry.Open();
        var builds = new Published[_builds];
        await Parallel.ForAsync(0, _builds, new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (i, _) => builds[i] = await PublishAsync(client, i));
        // The newest has the tags that move. One that is old has one, too; another one is what somebody builds on.
        await TagAsync(client, builds[0], "2025.1");
        await TagAsync(client, builds[_builds - 1], "27.0.0");
        var needed = builds[_builds - 2].Index.Digest;

        var watch = Stopwatch.StartNew();
        var plan = await RetentionPlan.OfAsync(client, Repository, Rule(days: 60, builds: 5),
            new HashSet<string> { needed });
        output.WriteLine($"{plan.Tags.Count} tags planned in {watch.Elapsed.TotalSeconds:0.0} s");

        var kept = builds.Where((x, i) => i <= 60 || i >= _builds - 2).ToList();
        Assert.Equal(builds.Except(kept).SelectMany(x => x.All).Order(), plan.Expendable.Select(x => x.Digest).Order());
        Assert.Empty(plan.Expendable.Select(x => x.Digest).Intersect(kept.SelectMany(x => x.All)));

        var report = new RemovalReport();
        await plan.ApplyAsync(client, new RegistryRemoval(client), report);
        Assert.Equal((plan.Expendable.Count, 0, 0), (report.Removed, report.Spared, report.Problems.Count));
        foreach (var build in kept)
            foreach (var digest in build.All) Assert.NotNull(await client.HeadManifestAsync(Repository, digest));
        foreach (var tag in kept.SelectMany(x => x.Tags))
            Assert.NotNull(await client.HeadManifestAsync(Repository, tag));
        foreach (var digest in builds.Except(kept).SelectMany(x => x.All))
            Assert.Null(await client.HeadManifestAsync(Repository, digest));
        Assert.Empty((await RetentionPlan.OfAsync(client, Repository, Rule(days: 60, builds: 5),
            new HashSet<string> { needed })).Expendable);
    }

    [Fact]
    public async Task WhatIsPublishedAgainMeanwhileIsNotRemoved()
    {
        using var client = _registry.Open();
        var builds = new List<Published>();
        for (var i = 0; i < 4; i++) builds.Add(await PublishAsync(client, i * 100));
        var plan = await RetentionPlan.OfAsync(client, Repository, Rule(days: 1, builds: 1), s_nothing);
        await TagAsync(client, builds[3], "2025.1");
        Assert.Contains("published again meanwhile", (await Assert.ThrowsAsync<ProblemException>(() => plan.ApplyAsync(
            client, new RegistryRemoval(client), new RemovalReport()))).Message, StringComparison.Ordinal);
        Assert.NotNull(await client.HeadManifestAsync(Repository, builds[3].Index.Digest));
        Assert.NotNull(await client.HeadManifestAsync(Repository, builds[2].Index.Digest));
    }

    /// <summary>
    /// The cache of a builder is an index of layers (moby/buildkit, cache/remotecache): blobs, which nobody gets as
    /// manifests, and which go with nobody.
    /// </summary>
    [Fact]
    public async Task TheCacheOfABuilderKeepsAndLosesNothing()
    {
        using var proxy = new FaultProxy(_registry.Address);
        using var client = TestRegistry.Open(proxy.Address);
        var kept = await PublishAsync(client, 0);
        var old = await PublishAsync(client, 300);
        async Task<OciDescriptor> BlobAsync(string type, string text)
        {
            var content = Encoding.UTF8.GetBytes(text);
            var blob = new OciDescriptor(type, Digest.OfBytes(content), content.Length);
            await client.PushBlobAsync(Repository, blob, () => new MemoryStream(content));
            return blob;
        }

        static string Json(OciDescriptor x) =>
            $$"""{"mediaType":"{{x.MediaType}}","digest":"{{x.Digest}}","size":{{x.Size}}}""";
        var layer = await BlobAsync(OciMediaTypes.GzipLayer, "layer");
        var config = await BlobAsync("application/vnd.buildkit.cacheconfig.v0", "{}");
        var cache =
            Encoding.UTF8.GetBytes(
            $$"""{"schemaVersion":2,"mediaType":"{{OciMediaTypes.Index}}","manifests":[{{Json(layer)}},{{Json(config)}}]}""");
        // A tag that moves, and one that is written once and is old.
        foreach (var tag in (string[])["buildcache", $"2025.1-{CommitOf(200)[..7]}"])
            await client.PutManifestAsync(Repository, tag, OciMediaTypes.Index, cache);
        var plan = await RetentionPlan.OfAsync(client, Repository, Rule(days: 1, builds: 1), s_nothing);
        Assert.Equal(old.All.Order(), plan.Expendable.Select(x => x.Digest).Order());
        Assert.DoesNotContain(proxy.Seen, x => x.Path.EndsWith($"/manifests/{layer.Digest}", StringComparison.Ordinal)
            || x.Path.EndsWith($"/manifests/{config.Digest}", StringComparison.Ordinal));
        Assert.Contains(layer.Digest, plan.Kept);

        await TagAsync(client, kept, "buildcache");
        plan = await RetentionPlan.OfAsync(client, Repository, Rule(days: 1, builds: 1), s_nothing);
        Assert.DoesNotContain(layer.Digest, plan.Expendable.Select(x => x.Digest));
        Assert.Contains(Digest.OfBytes(cache), plan.Expendable.Select(x => x.Digest));
        Assert.Equal(0, client.Retries);
    }

    [Fact]
    public async Task WhatCannotBeReadKeepsEverything()
    {
        using var client = _registry.Open();
        await PublishAsync(client, 0);
        var old = await PublishAsync(client, 300);
        var file = _registry.Data / "blobs" / "sha256" / old.Index.Digest[7..9] / old.Index.Digest[7..] / "data";
        File.WriteAllText(file, "{}");
        using var impatient = TestRegistry.Open(_registry.Address.ToString(), budget: TimeSpan.FromSeconds(1));
        await Assert.ThrowsAsync<ProblemException>(() =>
            RetentionPlan.OfAsync(impatient, Repository, Rule(days: 1, builds: 1), s_nothing));
    }

    /// <summary>A build a day, the newest first; day 0 is today.</summary>
    RetentionRule Rule(int days, int builds) => new(days, builds, s_now,
        Enumerable.Range(0, Math.Max(_builds, 400)).ToDictionary(CommitOf, x => s_now.AddDays(-x)));

    static string CommitOf(int day) => $"{day:x7}{new string('0', 33)}";

    /// <summary>
    /// An index of two platforms, and a signature of the index and of each of them, as the registry without a list of
    /// its own has them.
    /// </summary>
    static async Task<Published> PublishAsync(RegistryClient client, int day)
    {
        async Task<OciDescriptor> BlobAsync(string type, string text)
        {
            var content = Encoding.UTF8.GetBytes(text);
            var blob = new OciDescriptor(type, Digest.OfBytes(content), content.Length);
            await client.PushBlobAsync(Repository, blob, () => new MemoryStream(content));
            return blob;
        }

        async Task<OciDescriptor> ManifestAsync(string type, string text, string? tag = null)
        {
            var content = Encoding.UTF8.GetBytes(text);
            var manifest = new OciDescriptor(type, Digest.OfBytes(content), content.Length);
            await client.PutManifestAsync(Repository, tag ?? manifest.Digest, type, content);
            return manifest;
        }

        static string Json(OciDescriptor x) =>
            $$"""{"mediaType":"{{x.MediaType}}","digest":"{{x.Digest}}","size":{{x.Size}}}""";
        var config = await BlobAsync(OciMediaTypes.Config,
            """{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[]}}""");
        var empty = await BlobAsync(OciMediaTypes.Empty, "{}");
        var platforms = new List<OciDescriptor>();
        foreach (var platform in (string[])["amd64", "arm64"])
            platforms.Add(await ManifestAsync(OciMediaTypes.Manifest,
                $$"""{"schemaVersion":2,"mediaType":"{{OciMediaTypes.Manifest}}","config":{{Json(config)}},"layers":[],"annotations":{"of":"{{day}} {{platform}}"} }"""));
        var index = await ManifestAsync(OciMediaTypes.Index,
            $$"""{"schemaVersion":2,"mediaType":"{{OciMediaTypes.Index}}","manifests":[{{string.Join(',', platforms.Select(Json))}}]}""");
        var attached = new List<string>();
        foreach (var subject in platforms.Append(index))
        {
            var signature = await ManifestAsync(OciMediaTypes.Manifest,
                $$"""{"schemaVersion":2,"mediaType":"{{OciMediaTypes.Manifest}}","subject":{{Json(subject)}},"config":{{Json(empty)}},"layers":[]}""");
            var list = await ManifestAsync(OciMediaTypes.Index,
                $$"""{"schemaVersion":2,"mediaType":"{{OciMediaTypes.Index}}","manifests":[{{Json(signature)}}]}""",
                subject.Digest.Replace(':', '-'));
            attached.AddRange([signature.Digest, list.Digest]);
        }

        var build = new Published(index, [index.Digest, .. platforms.Select(x => x.Digest), .. attached], []);
        foreach (var tag in (string[])[$"27.0.0-p0-main-{CommitOf(day)[..7]}", $"2025.1-{CommitOf(day)[..7]}"])
            await TagAsync(client, build, tag);
        return build;
    }

    static async Task TagAsync(RegistryClient client, Published build, string tag)
    {
        await client.PutManifestAsync(Repository, tag, OciMediaTypes.Index,
            (await client.GetManifestAsync(Repository, build.Index.Digest))!.Content);
        build.Tags.Add(tag);
    }

    /// <param name="All">Digests of everything that belongs to it.</param>
    sealed record Published(OciDescriptor Index, IReadOnlyList<string> All, List<string> Tags);
}
