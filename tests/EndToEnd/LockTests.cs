using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Locks;

namespace OpenStack.Tests.EndToEnd;

/// <summary>What an image is made of in the laboratory: written down, compared, and brought into the store.</summary>
[Trait("Group", "Lab")]
public sealed class LockTests : IDisposable
{
    const string Keystone = "--profile lab --service keystone --release 2025.1 --no-logo";

    readonly RepositoryCopy _repository = new RepositoryCopy().WithLab();

    public void Dispose() => _repository.Dispose();

    AbsolutePath Locks => _repository.Root / ".nuke" / "ref-locks";

    [Fact]
    public async Task EveryInputIsLockedAndFetchedOnce()
    {
        (await _repository.RunAsync($"Prefetch {Keystone}")).ShouldFail("there is no lock of keystone 2025.1",
            "there is no lock of python-base", "Run the target Lock");
        (await _repository.RunAsync($"Lock --check {Keystone}"))
            .ShouldFail("there is no lock of keystone 2025.1", "Run ./build.sh Lock without --check");
        Assert.Empty(LockSubject.FilesBelow(Locks));
        (await _repository.RunAsync($"Lock {Keystone}")).ShouldSucceed();
        var files = LockSubject.FilesBelow(Locks);
        Assert.Equal(3, files.Count);
        var keystone = InputLock.Read(files[0], "f");
        Assert.Equal("keystone", keystone.Subject.Image);
        // Of what its bindep lines name, with what that depends on; what the wheels are built with; its commit.
        Assert.Contains(keystone.Files, x => x is { Kind: FileKind.Deb, Name: "libldap2" });
        Assert.Contains(keystone.Files, x => x is { Kind: FileKind.Wheel, Name: "oslo-config", Size: > 0 });
        Assert.Contains(keystone.Files, x => x is { Kind: FileKind.Build, Name: "pbr" });
        Assert.Contains(keystone.Inputs, x => x is LockedCommit { Name: "keystone" });
        Assert.Contains(keystone.Inputs, x => x is LockedSuite { Name: "trixie" });
        (await _repository.RunAsync($"Lock --check {Keystone}")).ShouldSucceed();
        await PrefetchAsync(keystone);
        await WithoutANetworkItIsTheSameAsync(keystone);
        await AMovedPackageIsTold(files[0]);
    }

    async Task PrefetchAsync(InputLock keystone)
    {
        var store = $"--input-store {_repository.Root / "store"}";
        Assert.Matches("inputs, of which [1-9][0-9]* were fetched",
            (await _repository.RunAsync($"Prefetch {Keystone} {store} --export-to {_repository.Root / "inputs.tar"}"))
                .ShouldSucceed().Output);
        foreach (var file in keystone.Files)
            Assert.True(File.Exists(_repository.Root / "store/sha256" / file.Sha256), file.Line);
        Assert.Contains("of which 0 were fetched",
            (await _repository.RunAsync($"Prefetch {Keystone} {store} --prune-inputs")).ShouldSucceed().Output,
            StringComparison.Ordinal);
        // Elsewhere the archive is enough.
        var elsewhere =
            $"--input-store {_repository.Root / "elsewhere"} --import-from {_repository.Root / "inputs.tar"}";
        Assert.Contains("of which 0 were fetched",
            (await _repository.RunAsync($"Prefetch {Keystone} {elsewhere}")).ShouldSucceed().Output,
            StringComparison.Ordinal);
    }

    async Task WithoutANetworkItIsTheSameAsync(InputLock keystone)
    {
        var hermetic = $"BuildService --hermetic {Keystone} --input-store {_repository.Root / "store"}";
        (await _repository.RunAsync($"BuildService {Keystone}")).ShouldSucceed();
        var (image, pythonBase) = (Digests("2025.1/keystone/platforms"), Digests("base/platforms"));
        (await _repository.RunAsync(hermetic)).ShouldSucceed();
        Assert.Equal(pythonBase, Digests("base/platforms"));
        Assert.Equal(image, Digests("2025.1/keystone/platforms"));
        Assert.Contains("\"lock.digest\"", await File.ReadAllTextAsync(_repository.Root
            .GlobFiles("artifacts/2025.1/keystone/platforms/*/inputs.json")
            .Single()), StringComparison.Ordinal);
        // One byte is another in a package and in a wheel: each is named, and nothing is built.
        var changed = new[] { FileKind.Deb, FileKind.Wheel }
            .Select(x => keystone.Files.First(y => y.Kind == x))
            .ToList();
        foreach (var file in changed)
        {
            AbsolutePath path = _repository.Root / "store/sha256" / file.Sha256;
            var bytes = await File.ReadAllBytesAsync(path);
            bytes[^1] ^= 1;
            File.Delete(path);
            await File.WriteAllBytesAsync(path, bytes);
        }

        (await _repository.RunAsync(hermetic)).ShouldFail([
            .. changed.Select(x => $"{x} in the store has other bytes than those that are locked"),
            "Run the target Prefetch",
        ]);
        (await _repository.RunAsync(hermetic))
            .ShouldFail([.. changed.Select(x => $"{x} is not in the store"), "Run the target Prefetch"]);
    }

    /// <summary>Of the images of a directory, whatever the platform is called here.</summary>
    string Digests(string directory) => string.Join('\n', (_repository.Root / "artifacts" / directory)
        .GlobFiles("**/image/index.json")
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
        (await _repository.RunAsync($"Lock --check {Keystone}")).ShouldFail(
            "the lock is not what its inputs give: deb libldap2 amd64: 2.6.0-1 → 2.6", "look at what moved");
        (await _repository.RunAsync($"Prefetch {Keystone} --input-store {_repository.Root / "store"}"))
            .ShouldFail("cannot be had:", "gives other bytes");
        (await _repository.RunAsync($"Lock {Keystone}")).ShouldSucceed();
        Assert.Equal(text, await File.ReadAllTextAsync(file));
    }
}
