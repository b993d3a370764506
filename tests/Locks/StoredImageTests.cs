using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Locks;
using OpenStack.Oci;
using OpenStack.Storage;
using OpenStack.Tests.Oci;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Locks;

/// <summary>Locked images, out of a layout, a directory or a registry into the store, and out of that.</summary>
public sealed class StoredImageTests : IDisposable
{
    const string Platform = "linux/amd64";

    readonly TemporaryDirectory _directory = new();
    readonly InputStore _store;
    readonly RegistryClients _registries = new();

    public StoredImageTests() => _store = new InputStore(_directory / "store");

    public void Dispose()
    {
        _registries.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task ALayoutIsTakenInAndLaidOutAgain()
    {
        var (image, layout) = (Locked("debian", Layout().Digest), Layout());
        await FetchAsync(image, layout.Directory);
        // Nobody is asked any more.
        await Removal.RemoveAsync(layout.Directory);
        await FetchAsync(image, layout.Directory);
        var laid = await Stored(image).LayAsync(_directory / "laid");
        Assert.Equal((image.Name, image.Digest), (laid.Name, laid.Digest));
        Assert.StartsWith($"oci-layout://{_directory / "laid"}", laid.Context, StringComparison.Ordinal);
        laid.Layout!.Verify();
        Assert.Equal(2, laid.DiffIds.Count);
    }

    [Fact]
    public async Task OfAnIndexOnlyThePlatformIsTaken()
    {
        var both = TestImage.Make(_directory / "both", "debian", [(1, 500), (2, 500)], [], Platform, "linux/arm64")
            .Layout;
        // As a registry names it: by its index.
        var image = Locked("debian", both.Digest);
        var parts = await Stored(image).FindAsync(() => new LayoutOfIndex(both));
        Assert.Equal(["index", "manifest", "configuration", "layer", "layer"], parts.Select(x => x.Name.Split(' ')[0]));
        await new Prefetcher(_store, new Watch()).RunAsync(parts);
        var laid = await Stored(image).LayAsync(_directory / "laid");
        Assert.Equal(both.Digest, laid.Digest);
        Assert.Equal(both.Of(Platform).Digest, laid.Layout!.Digest);
        var other = await Assert.ThrowsAsync<ProblemException>(() =>
            new StoredImage(_store, image, "linux/riscv64").PartsAsync());
        Assert.Contains("debian has no image of linux/riscv64; it has linux/amd64, linux/arm64", other.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADirectoryOfProgramsIsOneToo()
    {
        Directory.CreateDirectory(_directory / "uv" / "lib");
        File.WriteAllText(_directory / "uv" / "uv", "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_directory / "uv" / "uv", (UnixFileMode)0b111_101_101);
        File.WriteAllText(_directory / "uv" / "lib" / "data", "x");
        File.CreateSymbolicLink(_directory / "uv" / "uvx", "uv");
        var image = Locked("uv", Digest.OfDirectory(_directory / "uv"));
        await FetchAsync(image, _directory / "uv");
        await Removal.RemoveAsync(_directory / "uv");
        var laid = await Stored(image).LayAsync(_directory / "laid");
        Assert.Equal(_directory / "laid", laid.Context);
        Assert.Equal(image.Digest, Digest.OfDirectory(_directory / "laid"));
        // What somebody did to the copy is undone.
        File.AppendAllText(_directory / "laid" / "uv", "evil\n");
        await Stored(image).LayAsync(_directory / "laid");
        Assert.Equal(image.Digest, Digest.OfDirectory(_directory / "laid"));
    }

    [Fact]
    public async Task AnotherImageInTheSamePlaceIsNotTaken()
    {
        var other = Locked("debian", $"sha256:{SmallLock.Hex('a')}");
        Directory.CreateDirectory(_directory / "uv");
        File.WriteAllText(_directory / "uv" / "uv", "x");
        foreach (var place in new[] { Layout().Directory, _directory / "uv" })
        {
            var problem = await Assert.ThrowsAsync<ProblemException>(() => FetchAsync(other, place));
            Assert.Contains($"{place} has no {other.Digest}; expected debian, as it is locked", problem.Message,
                StringComparison.Ordinal);
        }

        var missing = await Assert.ThrowsAsync<ProblemException>(() => FetchAsync(other, _directory / "none"));
        Assert.Contains($"There is no directory {_directory / "none"}", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AByteOfALayerThatIsAnotherIsRefusedOnTheWayIn()
    {
        var layout = Layout();
        var layer = layout.ReadManifest().Layers[0];
        Flip(layout.Blob(layer.Digest));
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            FetchAsync(Locked("debian", layout.Digest), layout.Directory));
        Assert.Contains("layer 1 of debian cannot be had", problem.Message, StringComparison.Ordinal);
        Assert.False(_store.Has(layer.Digest["sha256:".Length..]));
    }

    [Theory]
    [InlineData("manifest", "image debian")]
    [InlineData("layer", "layer 1 of debian")]
    public async Task AByteThatIsAnotherInTheStoreIsToldAndNotUsed(string what, string name)
    {
        var layout = Layout();
        var image = Locked("debian", layout.Digest);
        await FetchAsync(image, layout.Directory);
        var changed = what == "manifest" ? layout.Digest : layout.ReadManifest().Layers[0].Digest;
        Flip(_store.PathOf(changed["sha256:".Length..]));
        var settings = new ImageSettings(_directory / "images", Platform, "r/n");
        var hermetic = new HermeticInputs(settings, _store, _directory / "inputs");
        var of = new InputLock(new LockSubject(BaseImages.PythonBase, null, Platform, "debian-trixie"), [image]);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => hermetic.RequireAsync([of]));
        Assert.Contains($"{name} in the store has other bytes", Assert.Single(problem.Problems).Found,
            StringComparison.Ordinal);
        problem = await Assert.ThrowsAsync<ProblemException>(() => hermetic.RequireAsync([of]));
        Assert.Contains($"{name} is not in the store", Assert.Single(problem.Problems).Found, StringComparison.Ordinal);
        await FetchAsync(image, layout.Directory);
        await hermetic.RequireAsync([of]);
    }

    [Fact]
    public async Task PruningKeepsWhatIsPartOfALockedImage()
    {
        var layout = Layout();
        var image = Locked("debian", layout.Digest);
        await FetchAsync(image, layout.Directory);
        Assert.Equal(0, _store.Prune((await Stored(image).PresentAsync()).ToHashSet()).Count);
        var other = Locked("debian", $"sha256:{SmallLock.Hex('a')}");
        Assert.Equal(4, _store.Prune((await Stored(other).PresentAsync()).ToHashSet()).Count);
    }

    [Fact, Trait("Group", "Lab")]
    public async Task ARegistryIsAskedByDigestAndOnlyOnce()
    {
        var registry = new TestRegistry();
        var published = TestImage.Make(_directory / "made", "c5c3/debian", [(1, 200_000), (2, 300)],
            [new("trixie", true)], Platform, "linux/arm64");
        var image = Locked($"{registry.Address}/c5c3/debian:trixie", published.Layout.Digest);
        using (registry)
        {
            using (var client = registry.Open()) await new Publication(client).RunAsync([published]);
            await FetchAsync(image, null);
        }

        await FetchAsync(image, null);
        (await Stored(image).LayAsync(_directory / "laid")).Layout!.Verify();
    }

    [Fact, Trait("Group", "Lab")]
    public async Task AMirrorIsAskedInPlaceOfTheRegistryAndGivesWhatIsLockedOrNothing()
    {
        var published = TestImage.Make(_directory / "made", "hub/library/debian", [(1, 200_000), (2, 300)],
            [new("trixie", true)], Platform, "linux/arm64");
        var image = Locked("docker.io/library/debian:trixie", published.Layout.Digest);
        using var registry = new TestRegistry();
        using (var client = registry.Open()) await new Publication(client).RunAsync([published]);
        using var clients = MirroredAt($"{registry.Address}/hub");
        var other = Locked(image.Name, $"sha256:{SmallLock.Hex('a')}");
        var refused = await Assert.ThrowsAsync<ProblemException>(() => FetchAsync(other, null, clients));
        Assert.Contains($"{registry.Address}/hub/library/debian:trixie (in place of {image.Name}, by "
            + $"--registry-mirrors) has no {other.Digest}; expected {image.Name}, as it is locked", refused.Message,
            StringComparison.Ordinal);
        await FetchAsync(image, null, clients);
        var laid = await Stored(image).LayAsync(_directory / "laid");
        laid.Layout!.Verify();
        Assert.Equal((image.Name, image.Digest), (laid.Name, laid.Digest));
    }

    [Fact]
    public async Task AMirrorThatCannotBeReachedIsNamed()
    {
        var place = TestRegistry.FreeAddress();
        using var clients = MirroredAt($"{place}/hub");
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            FetchAsync(Locked("docker.io/library/debian:trixie", $"sha256:{SmallLock.Hex('a')}"), null, clients));
        Assert.Contains($"{place}/hub/library/debian:trixie (in place of docker.io/library/debian:trixie, by "
            + $"--registry-mirrors): {place} cannot be reached", problem.Message, StringComparison.Ordinal);
    }

    static RegistryClients MirroredAt(string place) =>
        new() { Mirrors = RegistryMirrorMap.Parse([$"docker.io={place}"]) };

    /// <summary>A layout as a registry would serve it, index and all.</summary>
    sealed class LayoutOfIndex(OciLayout layout) : ImagePlace
    {
        protected override string ShownAs => "";

        internal override async Task<byte[]?> ReadAsync(string digest, CancellationToken cancellation) =>
            await File.ReadAllBytesAsync(layout.Blob(digest), cancellation);

        internal override WantedInput Want(string name, string sha256, long? size) =>
            new(name, sha256, size, [new Uri(layout.Blob($"sha256:{sha256}"))]);
    }

    OciLayout Layout() => Directory.Exists(_directory / "made") ? OciLayout.Open(_directory / "made" / "image")
        : TestImage.Make(_directory / "made", "debian", [(1, 5000), (2, 300)], []).Layout;

    StoredImage Stored(LockedImage image) => new(_store, image, Platform);

    static LockedImage Locked(string name, string digest) => new(name, digest);

    async Task FetchAsync(LockedImage image, AbsolutePath? place, RegistryClients? clients = null) =>
        await new Prefetcher(_store, new Watch()).RunAsync(
            await Stored(image).FindAsync(() => ImagePlace.Of(place, image, Platform, clients ?? _registries)));

    static void Flip(AbsolutePath file)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.Delete(file);
        File.WriteAllBytes(file, bytes);
    }
}
