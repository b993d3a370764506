using System.Text.RegularExpressions;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Oci;

/// <summary>Publications to a real registry, on good days and bad ones.</summary>
[Trait("Group", "Lab")]
public sealed class PublicationTests(SharedRegistry shared) : IClassFixture<SharedRegistry>, IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task EverythingIsThereBeforeTheFirstTagAndTagsOfAllImagesComeLast()
    {
        var images = Images();
        using var proxy = new FaultProxy(shared.Registry.Address);
        using var client = TestRegistry.Open(proxy.Address);
        var results = await new Publication(client).RunAsync(images);
        await TestImage.VerifyAsync(client, images, complete: true);
        var tags = proxy.Seen.Where(x => x.WritesTag).Select(x => x.Path.Split('/')[^1]).ToList();
        // Those that never move before those that do; of each kind, any comes first.
        Assert.Equal(["2025.1-abc", "abc"], tags.Take(2).Order(StringComparer.Ordinal));
        Assert.Equal(["2025.1", "latest"], tags.Skip(2).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(proxy.Seen.SkipWhile(x => !x.WritesTag)
            .TakeWhile(x => x.Path.Contains("/manifests/", StringComparison.Ordinal)),
            x => x.Method is "POST" or "PATCH");
        // The layers of the base are not sent twice.
        Assert.Equal([0, 20_002], results.Select(x => x.Mounted));
        Assert.All(results, x => Assert.False(x.IsUnchanged));
        Assert.Equal(0, client.Retries);
    }

    [Fact]
    public async Task AgainNothingIsAskedButForHeaders()
    {
        var images = Images();
        using var proxy = new FaultProxy(shared.Registry.Address);
        using var client = TestRegistry.Open(proxy.Address);
        await new Publication(client).RunAsync(images);
        proxy.Seen.Clear();
        var again = await new Publication(client).RunAsync(images);
        Assert.All(proxy.Seen, x => Assert.Equal("HEAD", x.Method));
        // Blobs, manifests, referrers, indexes of them and tags, of both images.
        Assert.Equal((7 + 1 + 3 + 1 + 2) + (17 + 3 + 9 + 3 + 2), proxy.Seen.Count);
        Assert.All(again, x => Assert.True(x.IsUnchanged));
    }

    [Theory]
    [InlineData("tag")]
    [InlineData("referrers")]
    [InlineData("manifest")]
    [InlineData("record")]
    public async Task WhatSomebodyElseUndidIsDoneAgain(string what)
    {
        var images = Images();
        using var client = shared.Registry.Open();
        await new Publication(client).RunAsync(images);
        var keystone = images[1];
        var empty =
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}"u8.ToArray();
        switch (what)
        {
            case "tag": await client.PutManifestAsync(keystone.Repository, "2025.1", OciMediaTypes.Index, empty); break;
            case "referrers":
                await client.PutManifestAsync(keystone.Repository, ReferrersIndex.TagOf(keystone.Layout.Digest),
                    OciMediaTypes.Index, empty);
                break;
            case "manifest":
                Assert.True(await client.DeleteManifestAsync(keystone.Repository, keystone.Layout.Digest));
                break;
            case "record": File.WriteAllText(keystone.RecordFile, "{\"repository\":null"); break;
        }

        var again = await new Publication(client).RunAsync(images);
        Assert.Equal([true, false], again.Select(x => x.IsUnchanged));
        await TestImage.VerifyAsync(client, images, complete: true);
    }

    [Fact]
    public async Task ATagThatNeverMovesIsAnErrorBeforeAnythingIsSent()
    {
        var images = Images();
        using (var client = shared.Registry.Open()) await new Publication(client).RunAsync(images);
        var other = TestImage.Make(_directory / "other", images[1].Repository, [(77, 500)], images[1].Tags);
        using var proxy = new FaultProxy(shared.Registry.Address);
        using var another = TestRegistry.Open(proxy.Address);
        var problem =
            await Assert.ThrowsAsync<ProblemException>(() => new Publication(another).RunAsync([images[0], other]));
        Assert.Contains(
            $":2025.1-abc is {images[1].Layout.Digest} already and never moves; expected {other.Layout.Digest}, which",
            problem.Message, StringComparison.Ordinal);
        Assert.All(proxy.Seen, x => Assert.Equal("HEAD", x.Method));
    }

    [Fact]
    public async Task NothingIsPublishedUnsigned()
    {
        var images = Images();
        using var proxy = new FaultProxy(shared.Registry.Address);
        using var client = TestRegistry.Open(proxy.Address);
        var arm = images[1].Layout.Manifests()[1];
        var unsigned = images[1] with
        {
            Bundles = [.. images[1].Bundles.Where(x => x.Subject.Digest != arm.Digest
                || x.PredicateType != AttachedBundle.Signature)],
        };
        var problem =
            await Assert.ThrowsAsync<ProblemException>(() => new Publication(client).RunAsync([images[0], unsigned]));
        Assert.Contains(
            $"has no signature of {arm.Digest} (linux/arm64); nothing is published unsigned. Run the target Sign",
            problem.Message, StringComparison.Ordinal);
        var foreign = images[0] with { Bundles = [.. images[0].Bundles, .. images[1].Bundles] };
        Assert.Contains("which is no part of",
            (await Assert.ThrowsAsync<ProblemException>(() => new Publication(client).RunAsync([foreign]))).Message,
            StringComparison.Ordinal);
        Assert.Empty(proxy.Seen);
    }

    [Fact]
    public async Task ADryRunSaysWhatWouldBeAndWritesNothing()
    {
        var images = Images();
        using var proxy = new FaultProxy(shared.Registry.Address);
        using var client = TestRegistry.Open(proxy.Address);
        var before = await PublicationPlan.OfAsync(client, images);
        Assert.All(proxy.Seen, x => Assert.Equal("HEAD", x.Method));
        await new Publication(client).RunAsync(images);
        var after = await PublicationPlan.OfAsync(client, images);
        await Verify(Regex.Replace(string.Join('\n',
            before.Concat(after).SelectMany(x => x.Lines.Prepend(x.Image.Name))), "run-[0-9a-f]{32}", "c5c3"));
    }

    /// <summary>A registry that lists referrers itself gets no fallback tag.</summary>
    [Fact]
    public async Task ARegistryThatListsReferrersIsLeftToIt()
    {
        var images = Images();
        using var proxy = new FaultProxy(shared.Registry.Address) { ListsReferrers = true };
        using var client = TestRegistry.Open(proxy.Address);
        await new Publication(client).RunAsync(images);
        await TestImage.VerifyAsync(client, images, complete: true);
        foreach (var image in images) Assert.Equal(image.Tags.Count, (await client.TagsAsync(image.Repository)).Count);
        proxy.WithRandomFaults(1, 0.3, Fault.NotFoundYet, Fault.AnswerLost);
        foreach (var image in images) File.Delete(image.RecordFile);
        await new Publication(client).RunAsync(images);
        proxy.Decide = (_, _, _) => Fault.None;
        Assert.All(await new Publication(client).RunAsync(images), x => Assert.True(x.IsUnchanged));
    }

    /// <summary>
    /// Whatever request it is after which the registry refuses everything: no tag of an image that is not there whole.
    /// </summary>
    [Fact]
    public async Task AFailureAtAnyPointLeavesNoTagBehindAndTheNextRunGoesOn()
    {
        using var direct = shared.Registry.Open();
        var total = int.MaxValue;
        for (var last = 0; last < total; last += last % 7 == 0 ? 1 : 3)
        {
            var images = Images($"at-{last}");
            using var proxy = new FaultProxy(shared.Registry.Address);
            using var client = TestRegistry.Open(proxy.Address);
            var count = 0;
            proxy.Decide = (_, _, _) => Interlocked.Increment(ref count) > last ? Fault.Denied : Fault.None;
            try
            {
                await new Publication(client).RunAsync(images);
                total = last;
            }
            catch (ProblemException e)
            {
                Assert.Contains("answers 403", e.Message, StringComparison.Ordinal);
                await TestImage.VerifyAsync(direct, images, complete: false);
            }

            proxy.Decide = (_, _, _) => Fault.None;
            await new Publication(client).RunAsync(images);
            await TestImage.VerifyAsync(direct, images, complete: true);
        }

        Assert.InRange(total, 100, 400);
    }

    public static TheoryData<string> Ways => new(Enum.GetValues<Fault>()
        .Where(x => x is not (Fault.None or Fault.Denied or Fault.TooLarge))
        .Select(x => x.ToString())
        .Append("All"));

    /// <summary>
    /// Fifty runs in which one request of five fails, in one way or all of them: complete, and no tag before everything
    /// else.
    /// </summary>
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task WithOneRequestOfFiveFailingItIsPublishedWhole(string way)
    {
        Fault[] ways = way == "All"
            ? [.. Enum.GetValues<Fault>()
                .Where(x => x is not (Fault.None or Fault.Denied or Fault.TooLarge or Fault.TooManyForASecond))]
            : [Enum.Parse<Fault>(way)];
        // A second's wait is a second's wait; there are fewer of them.
        var runs = way == nameof(Fault.TooManyForASecond) ? 2 : way == "All" ? 50 : 8;
        using var direct = shared.Registry.Open();
        for (var seed = 0; seed < runs; seed++)
        {
            var images = Images($"{way}-{seed}");
            using var proxy = new FaultProxy(shared.Registry.Address).WithRandomFaults(seed, 0.2, ways);
            using var client = TestRegistry.Open(proxy.Address);
            var results = await new Publication(client).RunAsync(images);
            await TestImage.VerifyAsync(direct, images, complete: true);
            Assert.All(results, x => Assert.Equal(x.Image.Tags.Count, x.MovedTags.Count));
            Assert.All(proxy.Seen.SkipWhile(x => !x.WritesTag),
                x => Assert.True(x.WritesTag || x.Method == "HEAD", x.ToString()));
        }
    }

    IReadOnlyList<PublishedImage> Images(string directory = "images")
    {
        // Repositories of its own for each run of one shared registry.
        var run = $"run-{Guid.NewGuid():N}";
        return [.. TestImage.Pair(_directory / directory).Select(x =>
            x with { Name = x.Name, Repository = x.Repository.Replace("c5c3", run, StringComparison.Ordinal) })];
    }
}

public sealed class SharedRegistry : IDisposable
{
    internal TestRegistry Registry { get; } = new();

    public void Dispose() => Registry.Dispose();
}
