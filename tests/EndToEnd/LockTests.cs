using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Lab;
using OpenStack.Locks;
using OpenStack.Oci;
using OpenStack.Sbom;

namespace OpenStack.Tests.EndToEnd;

/// <summary>What an image is made of in the laboratory: written down, compared, and brought into the store.</summary>
[Trait("Group", "Long")]
public sealed class LockTests : IDisposable
{
    const string Selection = "--profile lab --service keystone placement --release 2025.1 --no-logo";

    readonly RepositoryCopy _repository = new RepositoryCopy().WithLab();

    public void Dispose() => _repository.Dispose();

    AbsolutePath Locks => _repository.Root / ".nuke" / "ref-locks";

    [Fact]
    public async Task EveryInputIsLockedAndFetchedOnce()
    {
        (await _repository.RunAsync($"Prefetch {Selection}")).ShouldFail("there is no lock of keystone 2025.1",
            "there is no lock of python-base", "Run the target Lock");
        (await _repository.RunAsync($"Lock --check {Selection}"))
            .ShouldFail("there is no lock of keystone 2025.1", "Run ./build.sh Lock without --check");
        Assert.Empty(LockSubject.FilesBelow(Locks));
        (await _repository.RunAsync($"Lock {Selection}")).ShouldSucceed();
        var files = LockSubject.FilesBelow(Locks);
        Assert.Equal(["keystone", "placement", "python-base", "venv-builder"], files.Select(x => x.Name.Split('.')[0]));
        var keystone = InputLock.Read(files[0], "f");
        Assert.Equal("keystone", keystone.Subject.Image);
        // Of what its bindep lines name, with what that depends on; what the wheels are built with; its commit.
        Assert.Contains(keystone.Files, x => x is { Kind: FileKind.Deb, Name: "libldap2" });
        Assert.Contains(keystone.Files, x => x is { Kind: FileKind.Wheel, Name: "oslo-config", Size: > 0 });
        Assert.Contains(keystone.Files, x => x is { Kind: FileKind.Build, Name: "pbr" });
        Assert.Contains(keystone.Inputs, x => x is LockedCommit { Name: "keystone" });
        Assert.Contains(keystone.Inputs, x => x is LockedSuite { Name: "trixie" });
        (await _repository.RunAsync($"Lock --check {Selection}")).ShouldSucceed();
        await PrefetchAsync(keystone);
        await ASiteWithoutInternetBuildsTheSameAsync();
        await AChangedByteIsRefusedAndNothingIsBuiltAsync(keystone, files[0]);
        await AMovedPackageIsTold(files[0]);
    }

    async Task PrefetchAsync(InputLock keystone)
    {
        Assert.Matches("inputs, of which [1-9][0-9]* were fetched",
            (await _repository.RunAsync($"Prefetch {Selection} {Store} --export-to {_repository.Root / "inputs.tar"}"))
                .ShouldSucceed().Output);
        foreach (var file in keystone.Files)
            Assert.True(File.Exists(_repository.Root / "store/sha256" / file.Sha256), file.Line);
        Assert.Contains("of which 0 were fetched",
            (await _repository.RunAsync($"Prefetch {Selection} {Store} --prune-inputs")).ShouldSucceed().Output,
            StringComparison.Ordinal);
    }

    string Store => $"--input-store {_repository.Root / "store"}";

    /// <summary>Nothing that inputs come from is there, and the store is another one.</summary>
    string Elsewhere => $"{Selection} --input-store {_repository.Root / "elsewhere"} --git-mirror /nonexistent/git "
        + "--base-image /nonexistent/base --uv-image /nonexistent/uv --wheelhouse /nonexistent/wheels";

    async Task ASiteWithoutInternetBuildsTheSameAsync()
    {
        (await _repository.RunAsync($"BuildService {Selection}")).ShouldSucceed();
        var (images, pythonBase) = (Digests("2025.1/*/platforms"), Digests("base/platforms"));
        _repository.Forget();
        _repository.ForgetMirrors();
        (await _repository.RunAsync($"BuildService --hermetic {Elsewhere}"))
            .ShouldFail("does not have", "Run the target Prefetch");
        // Not only for the instructions: the build, BuildKit and the engine, which knows nothing yet, reach nobody.
        using (var machine = new OfflineEngine())
        {
            Assert.Contains("of which 0 were fetched", (await _repository.RunAsync(
                $"Prefetch {Elsewhere} --import-from {_repository.Root / "inputs.tar"}", machine))
                .ShouldSucceed().Output, StringComparison.Ordinal);
            (await _repository.RunAsync($"BuildService --hermetic {Elsewhere}", machine)).ShouldSucceed();
        }

        Assert.Equal(pythonBase, Digests("base/platforms"));
        Assert.Equal(images, Digests("2025.1/*/platforms"));
        EverythingInAnImageIsLocked("keystone", "keystone");
        EverythingInAnImageIsLocked("placement", "openstack-placement");
        Assert.Contains("\"lock.digest\"", await File.ReadAllTextAsync(_repository.Root
            .GlobFiles("artifacts/2025.1/keystone/platforms/*/inputs.json")
            .Single()), StringComparison.Ordinal);
    }

    /// <summary>
    /// Every package and distribution that an image has is named by its locks or was in the distribution's own image;
    /// and the other way round, all that they name for an image is in it.
    /// </summary>
    void EverythingInAnImageIsLocked(string service, string distribution)
    {
        var locks = LockSubject.FilesBelow(Locks)
            .Where(x => x.Name.StartsWith(service, StringComparison.Ordinal)
                || x.Name.StartsWith("python-base", StringComparison.Ordinal))
            .SelectMany(x => InputLock.Read(x, x.Name).Files)
            .Where(x => x.Kind is FileKind.Deb or FileKind.Wheel or FileKind.Sdist)
            .ToLookup(x => x.Kind == FileKind.Deb, x => $"{x.Name} {x.Version}");
        var start = InventoryOf(OciLayout.Open(new LabLayout(
            RepositoryRoot.Path / ".nuke" / "temp" / "lab").BaseImage(PlatformName.Native)));
        var image = InventoryOf(OciLayout.Open(_repository.Root / "artifacts/2025.1" / service / "image"));
        Assert.Equal(start.Packages.Select(PackageOf).Union(locks[true]).Order(StringComparer.Ordinal),
            image.Packages.Select(PackageOf).Order(StringComparer.Ordinal));
        Assert.Equal(locks[false].Order(StringComparer.Ordinal), image.Distributions
            .Where(x => x.IsImportable && x.Key.Value != distribution)
            .Select(x => $"{x.Key} {x.Version}")
            .Order(StringComparer.Ordinal));

        static Inventory InventoryOf(OciLayout layout) => Inventory.Read(layout, layout.ReadManifest());
        static string PackageOf(SystemPackage package) => $"{package.Name} {package.Version}";
    }

    /// <summary>Of a source distribution, of which the laboratory has none, the tests of the store speak.</summary>
    async Task AChangedByteIsRefusedAndNothingIsBuiltAsync(InputLock keystone, AbsolutePath lockFile)
    {
        await RefusesAsync([.. ChangedInTheStore(keystone)], "in the store has other bytes than those that are locked",
            "Run the target Prefetch");
        await RefusesAsync([.. ChangedInTheStore(keystone).Select(x => (x.Name, (AbsolutePath?)null))],
            "is not in the store");
        (await _repository.RunAsync($"Prefetch {Elsewhere} --import-from {_repository.Root / "inputs.tar"}"))
            .ShouldSucceed();
        var pack = _repository.Root.GlobFiles(".nuke/temp/mirrors*/keystone-*.git/objects/pack/*.pack")
            .MaxBy(x => new FileInfo(x).Length)!;
        await RefusesAsync([("keystone: objects of ", pack)], "are missing, or are not what they are called");
        var release = _repository.Root.GlobFiles("artifacts/_inputs/*/keystone-2025.1.apt/Release").Single();
        await RefusesAsync([("Release of the archive of keystone 2025.1", release)], "is not the one that was signed");
        await RefusesAsync([("is not in the store", lockFile)], "Run the target Prefetch");
    }

    /// <summary>A package, a wheel, a layer of the base image and uv, each with where it is.</summary>
    IEnumerable<(string Name, AbsolutePath? File)> ChangedInTheStore(InputLock keystone)
    {
        AbsolutePath In(string sha256) => _repository.Root / "elsewhere/sha256" / sha256;
        foreach (var file in new[] { FileKind.Deb, FileKind.Wheel }.Select(x => keystone.Files.First(y => y.Kind == x)))
            yield return ($"{file}", In(file.Sha256));
        foreach (var (image, part) in new[] { ("python-base", "layer 1 of "), ("venv-builder", "uv of ") })
        {
            var of = InputLock.Read(LockSubject.FilesBelow(Locks).Single(x =>
                x.Name.StartsWith(image, StringComparison.Ordinal)), image);
            var parts = new StoredImage(new InputStore(_repository.Root / "store"), of.Images.Single(),
                of.Subject.Platform).PartsAsync().GetAwaiter().GetResult();
            var found = parts.Single(x => x.Name.StartsWith(part, StringComparison.Ordinal));
            yield return (found.Name, In(found.Sha256));
        }
    }

    /// <summary>Changes a byte of each file, for as long as it is tried to build.</summary>
    async Task RefusesAsync(IReadOnlyList<(string Name, AbsolutePath? File)> changed, params string[] saying)
    {
        var files = changed.Select(x => x.File).OfType<AbsolutePath>().ToDictionary(x => x, x => File.ReadAllBytes(x));
        foreach (var (file, bytes) in files)
        {
            File.Delete(file);
            await File.WriteAllBytesAsync(file, ChangedIn(file, bytes));
        }

        foreach (var built in (string[])["base", "2025.1"])
            if (Directory.Exists(_repository.Root / "artifacts" / built))
                Directory.Delete(_repository.Root / "artifacts" / built, recursive: true);
        (await _repository.RunAsync($"BuildService --hermetic {Elsewhere}"))
            .ShouldFail([.. changed.Select(x => x.Name), .. saying]);
        Assert.Empty((_repository.Root / "artifacts").GlobFiles("{base,2025.1}/**/image/index.json"));
        foreach (var (file, bytes) in files.Where(x => x.Key.Parent!.Name != "sha256"))
            await File.WriteAllBytesAsync(file, bytes);
    }

    /// <summary>Of a lock a digit of its first digest; of everything else the byte in the middle.</summary>
    static byte[] ChangedIn(AbsolutePath file, byte[] bytes)
    {
        var changed = (byte[])bytes.Clone();
        var place = file.Name.EndsWith(LockSubject.Suffix, StringComparison.Ordinal)
            ? changed.AsSpan().IndexOf("sha256:"u8) + "sha256:".Length
            : changed.Length / 2;
        changed[place] = changed[place] == (byte)'1' ? (byte)'2' : (byte)'1';
        return changed;
    }

    /// <summary>Of the images of a directory, whatever the platform is called here.</summary>
    string Digests(string directories) => string.Join('\n', (_repository.Root / "artifacts")
        .GlobFiles($"{directories}/**/image/index.json")
        .Where(x => !x.ToString().Contains("venv-builder", StringComparison.Ordinal))
        .Select(x => File.ReadAllText(x)).Order(StringComparer.Ordinal));

    /// <summary>A lock that says something else than the archive does is no lock of what would be built.</summary>
    async Task AMovedPackageIsTold(AbsolutePath file)
    {
        var text = await File.ReadAllTextAsync(file);
        var line = text.Split('\n').First(x => x.StartsWith("deb libldap2 ", StringComparison.Ordinal));
        var older = Regex.Replace(line, "^deb libldap2 [^ ]+", "deb libldap2 2.6.0-1");
        await File.WriteAllTextAsync(file,
            text.Replace(line, older.Replace("sha256:", $"sha256:{new string('0', 8)}", StringComparison.Ordinal)
                .Remove(older.IndexOf("sha256:", StringComparison.Ordinal) + 71, 8), StringComparison.Ordinal));
        (await _repository.RunAsync($"Lock --check {Selection}")).ShouldFail(
            "the lock is not what its inputs give: deb libldap2 amd64: 2.6.0-1 → 2.6", "look at what moved");
        (await _repository.RunAsync($"Prefetch {Selection} --input-store {_repository.Root / "store"}"))
            .ShouldFail("cannot be had:", "gives other bytes");
        (await _repository.RunAsync($"Lock {Selection}")).ShouldSucceed();
        Assert.Equal(text, await File.ReadAllTextAsync(file));
    }
}
