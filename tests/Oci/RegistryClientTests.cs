using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Oci;

/// <summary>The client against a real registry.</summary>
[Trait("Group", "Lab")]
public sealed class RegistryClientTests : IDisposable
{
    readonly TestRegistry _registry = new();
    readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        _registry.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task BlobsAreSentMountedAndReadBack()
    {
        using var client = _registry.Open();
        var (blob, bytes) = Blob(1, 3_000_000);
        Assert.Null(await client.HeadBlobAsync("a/b", blob));
        Assert.Equal(BlobTransfer.Uploaded, await client.PushBlobAsync("a/b", blob, () => new MemoryStream(bytes)));
        Assert.Equal(BlobTransfer.Present,
            await client.PushBlobAsync("a/b", blob, () => throw new InvalidOperationException()));
        Assert.Equal(BlobTransfer.Mounted,
            await client.PushBlobAsync("c/d", blob, () => throw new InvalidOperationException(), from: "a/b"));
        Assert.Equal(BlobTransfer.Uploaded,
            await client.PushBlobAsync("e/f", blob, () => new MemoryStream(bytes), from: "no/such"));
        Assert.Equal(bytes, await client.GetBlobAsync("c/d", blob));
        await client.DownloadBlobAsync("c/d", blob, _directory / "blob");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_directory / "blob"));
        var problem = await Assert.ThrowsAsync<ProblemException>(() => client.GetBlobAsync("c/d", Blob(2, 5).Blob));
        Assert.Contains("BLOB_UNKNOWN", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsSentIsWhatItsDigestSays()
    {
        using var client = _registry.Open();
        var (blob, bytes) = Blob(1, 3_000_000);
        bytes[^1] ^= 1;
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            client.PushBlobAsync("a/b", blob, () => new MemoryStream(bytes)));
        Assert.Contains("A blob that is to be uploaded is sha256:", problem.Message, StringComparison.Ordinal);
        problem = await Assert.ThrowsAsync<ProblemException>(() =>
            client.PushBlobAsync("a/b", blob, () => new MemoryStream(bytes[..1000])));
        Assert.Contains("ends after 1000 bytes", problem.Message, StringComparison.Ordinal);
        Assert.Null(await client.HeadBlobAsync("a/b", blob));
        Assert.Equal(0, client.Retries);
    }

    [Fact]
    public async Task WhatIsReadIsWhatItsDigestSays()
    {
        using var client = _registry.Open();
        var (blob, bytes) = Blob(1, 100_000);
        await client.PushBlobAsync("a/b", blob, () => new MemoryStream(bytes));
        var file = Directory.EnumerateFiles(_registry.Data / "blobs" / "sha256" / blob.Digest[7..9] / blob.Digest[7..])
            .Single();
        bytes[^3] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        await Assert.ThrowsAsync<ProblemException>(() => client.GetBlobAsync("a/b", blob));
        await Assert.ThrowsAsync<ProblemException>(() => client.DownloadBlobAsync("a/b", blob, _directory / "blob"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));

        // This registry looks at its manifests itself; others may not.
        using var liar = new HttpServer(_ => (200, "{}"u8.ToArray(), [("Docker-Content-Digest", blob.Digest)]));
        using var deceived = TestRegistry.Open(new Uri(liar.Address).Authority);
        foreach (var reference in (string[])[blob.Digest, "tag"])
            Assert.Contains($"gives {Digest.OfBytes("{}"u8)}; expected {blob.Digest}",
                (await Assert.ThrowsAsync<ProblemException>(() => deceived.GetManifestAsync("a/b", reference))).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerThatNeverEndsIsNotRead()
    {
        using var server = new HttpServer(_ => (200, new byte[RegistryTransport.BodyLimit + 1], []));
        using var client = TestRegistry.Open(new Uri(server.Address).Authority);
        Assert.Contains("with more than 4 MiB",
            (await Assert.ThrowsAsync<ProblemException>(() => client.GetManifestAsync("a/b", "t"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManifestsAndTagsComeAndGo()
    {
        using var client = _registry.Open();
        Assert.Empty(await client.TagsAsync("a/b"));
        Assert.Null(await client.GetManifestAsync("a/b", "t"));
        var manifest =
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}"u8.ToArray();
        var digest = Digest.OfBytes(manifest);
        var names = Enumerable.Range(0, 1100).Select(x => $"t{x:0000}").ToList();
        Assert.False(await client.PutManifestAsync("a/b", digest, OciMediaTypes.Index, manifest));
        await Parallel.ForEachAsync(names,
            async (x, token) => await client.PutManifestAsync("a/b", x, OciMediaTypes.Index, manifest, token));
        Assert.Equal(names, (await client.TagsAsync("a/b")).Order(StringComparer.Ordinal));
        var head = await client.HeadManifestAsync("a/b", "t0007");
        Assert.Equal(new OciDescriptor(OciMediaTypes.Index, digest, manifest.Length), head);
        Assert.Equal(manifest, (await client.GetManifestAsync("a/b", "t0007"))!.Content);
        Assert.True(await client.DeleteManifestAsync("a/b", digest));
        Assert.False(await client.DeleteManifestAsync("a/b", digest));
        Assert.Null(await client.HeadManifestAsync("a/b", digest));
    }

    [Fact]
    public async Task ALargeBlobGoesOnWhereTheRegistryHasIt()
    {
        using var proxy = new FaultProxy(_registry.Address);
        using var client = TestRegistry.Open(proxy.Address);
        var (blob, bytes) = Blob(1, (int)(BlobUpload.ChunkSize * 5 / 2));
        // A gateway that lets nothing large pass, and loses the second chunk on its way.
        var chunks = 0;
        proxy.Decide = (method, _, length) => length > BlobUpload.ChunkSize ? Fault.TooLarge
            : method == "PATCH" && Interlocked.Increment(ref chunks) == 2 ? Fault.ResetBefore
            : Fault.None;
        Assert.Equal(BlobTransfer.Uploaded, await client.PushBlobAsync("a/b", blob, () => new MemoryStream(bytes)));
        await client.DownloadBlobAsync("a/b", blob, _directory / "blob");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_directory / "blob"));
        // Three chunks, one of them twice, and the registry was asked in between.
        Assert.Equal(["PATCH None", "PATCH ResetBefore", "GET None", "PATCH None", "PATCH None", "PUT None"],
            proxy.Seen.Where(x => x.Path.Contains("/uploads/", StringComparison.Ordinal))
                .Select(x => $"{x.Method} {x.Fault}")
                .SkipWhile(x => !x.StartsWith("PATCH", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("BodyCut")]
    [InlineData("AnswerLost")]
    public async Task ALargeBlobThatTheRegistryForgotIsSentAgain(string way)
    {
        using var proxy = new FaultProxy(_registry.Address);
        using var client = TestRegistry.Open(proxy.Address);
        var (blob, bytes) = Blob(1, 20_000_000);
        var puts = 0;
        proxy.Decide = (method, _, _) => method == "PUT" && Interlocked.Increment(ref puts) <= 2
            ? Enum.Parse<Fault>(way)
            : Fault.None;
        Assert.Equal(BlobTransfer.Uploaded, await client.PushBlobAsync("a/b", blob, () => new MemoryStream(bytes)));
        Assert.Equal(blob.Size, await client.HeadBlobAsync("a/b", blob));
    }

    [Fact]
    public async Task ADownloadGoesOnWhereItBrokeOff()
    {
        using var proxy = new FaultProxy(_registry.Address);
        using var client = TestRegistry.Open(proxy.Address);
        var (blob, bytes) = Blob(1, 3_000_000);
        await client.PushBlobAsync("a/b", blob, () => new MemoryStream(bytes));
        var gets = 0;
        proxy.Decide =
            (method, _, _) => method == "GET" && Interlocked.Increment(ref gets) <= 4 ? Fault.AnswerCut : Fault.None;
        await client.DownloadBlobAsync("a/b", blob, _directory / "blob");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(_directory / "blob"));
    }

    [Fact]
    public async Task WithFourOfFiveRequestsFailingItGoesOn()
    {
        using var proxy = new FaultProxy(_registry.Address).WithRandomFaults(1, 0.8, Fault.Unavailable,
            Fault.ResetBefore, Fault.BodyCut, Fault.AnswerCut, Fault.AnswerLost, Fault.TooMany);
        using var client = TestRegistry.Open(proxy.Address);
        var (blob, bytes) = Blob(1, 100_000);
        await client.PushBlobAsync("a/b", blob, () => new MemoryStream(bytes));
        Assert.Equal(bytes, await client.GetBlobAsync("a/b", blob));
        Assert.True(client.Retries > 3);
    }

    [Fact]
    public async Task ItGivesUpWhenItsTimeIsOverAndAtOnceWhereTimeIsNoHelp()
    {
        using var proxy = new FaultProxy(_registry.Address) { Decide = (_, _, _) => Fault.Unavailable };
        using var hurried = TestRegistry.Open(proxy.Address, budget: TimeSpan.FromMilliseconds(500));
        var problem = await Assert.ThrowsAsync<ProblemException>(() => hurried.HeadManifestAsync("a/b", "t"));
        Assert.Matches(@"answers 503 to the lookup of t \(a/b\).*so it went on for [01] seconds, \d+ times",
            problem.Message);

        proxy.Decide = (_, _, _) => Fault.Denied;
        using var client = TestRegistry.Open(proxy.Address);
        problem = await Assert.ThrowsAsync<ProblemException>(() => client.GetManifestAsync("a/b", "t"));
        Assert.Contains("DENIED: not any more. Run 'docker login", problem.Message, StringComparison.Ordinal);

        using var nobody = TestRegistry.Open(TestRegistry.FreeAddress().ToString());
        Assert.Contains("cannot be reached: Connection refused. See whether it runs",
            (await Assert.ThrowsAsync<ProblemException>(() => nobody.TagsAsync("a/b"))).Message,
            StringComparison.Ordinal);
        using var nowhere = TestRegistry.Open("registry.invalid");
        Assert.Contains("registry.invalid cannot be reached",
            (await Assert.ThrowsAsync<ProblemException>(() => nowhere.TagsAsync("a/b"))).Message,
            StringComparison.Ordinal);
        Assert.Equal(0, client.Retries + nobody.Retries + nowhere.Retries);
    }

    [Fact]
    public async Task AWaitThatIsTooLongIsTold()
    {
        using var proxy = new FaultProxy(_registry.Address) { Decide = (_, _, _) => Fault.TooManyForASecond };
        using var hurried = TestRegistry.Open(proxy.Address, budget: TimeSpan.FromMilliseconds(500));
        var problem = await Assert.ThrowsAsync<ProblemException>(() => hurried.HeadManifestAsync("a/b", "t"));
        Assert.Contains("it asks to wait for 1 seconds. Run the same command again after that", problem.Message,
            StringComparison.Ordinal);
        Assert.Single(proxy.Seen);
    }

    [Fact]
    public async Task AnotherWriterOfTheIndexOfReferrersLosesNothingAndUndoesNothing()
    {
        using var direct = _registry.Open();
        using var proxy = new FaultProxy(_registry.Address);
        using var client = TestRegistry.Open(proxy.Address);
        var subject =
            "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\",\"manifests\":[]}"u8.ToArray();
        var descriptor = new OciDescriptor(OciMediaTypes.Index, Digest.OfBytes(subject), subject.Length);
        await client.PutManifestAsync("a/b", descriptor.Digest, OciMediaTypes.Index, subject);
        await client.PushBlobAsync("a/b", OciDescriptor.Empty, () => new MemoryStream("{}"u8.ToArray()));
        var (ours, theirs) = (await ReferrerAsync(client, descriptor, "ours"),
            await ReferrerAsync(client, descriptor, "theirs"));
        await direct.PutManifestAsync("a/b", theirs.Descriptor.Digest, OciMediaTypes.Manifest, theirs.Content);
        // The other one read before us and writes between our writing and our reading back, twice.
        var tag = ReferrersIndex.TagOf(descriptor.Digest);
        var lookups = 0;
        proxy.Decide = (method, target, _) =>
        {
            if (method == "GET"
                && target.EndsWith(tag, StringComparison.Ordinal)
                && Interlocked.Increment(ref lookups) is 2 or 3)
                direct.PutManifestAsync("a/b", tag, OciMediaTypes.Index, ReferrersIndex.Merge([], [theirs.Entry]))
                    .GetAwaiter()
                    .GetResult();
            return Fault.None;
        };
        await new Referrers(client).AttachAsync("a/b", descriptor.Digest, [ours], default);
        var listed = await new Referrers(direct).OfAsync("a/b", descriptor.Digest);
        Assert.Equal(new[] { ours, theirs }.Select(x => x.Descriptor.Digest).Order(StringComparer.Ordinal),
            listed.Select(x => x.GetProperty("digest").GetString()!));
        Assert.Equal(4, lookups);
    }

    async Task<Referrer> ReferrerAsync(RegistryClient client, OciDescriptor subject, string content)
    {
        await File.WriteAllTextAsync(_directory / content, content);
        var referrer = Referrer.Of(new AttachedBundle(subject, "x", _directory / content));
        await client.PushBlobAsync("a/b", referrer.BundleDescriptor, () => new MemoryStream(referrer.BundleContent));
        return referrer;
    }

    static (OciDescriptor Blob, byte[] Bytes) Blob(int seed, int size)
    {
        var bytes = TestImage.Bytes(seed, size);
        return (new OciDescriptor("application/octet-stream", Digest.OfBytes(bytes), size), bytes);
    }
}
