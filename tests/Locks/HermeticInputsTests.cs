using System.Security.Cryptography;
using System.Text;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Locks;
using OpenStack.Tests.Sources;
using OpenStack.Wheels;

namespace OpenStack.Tests.Locks;

/// <summary>What a hermetic build looks at before it begins. What it builds, <c>LockTests</c> shows.</summary>
public sealed class HermeticInputsTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly InputStore _store;
    readonly HermeticInputs _inputs;

    public HermeticInputsTests()
    {
        _store = new InputStore(_directory / "store");
        _inputs = new HermeticInputs(new ImageSettings(_directory / "images", "linux/amd64", "r/n"), _store,
            _directory / "inputs");
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(FileKind.Deb)]
    [InlineData(FileKind.Wheel)]
    [InlineData(FileKind.Sdist)]
    [InlineData(FileKind.Build)]
    public async Task AByteThatIsAnotherIsNamedAndTakenOut(string kind)
    {
        var of = await StoredAsync();
        await _inputs.RequireAsync([of]);
        var changed = of.Files.Single(x => x.Kind == kind);
        File.Delete(_store.PathOf(changed.Sha256));
        File.WriteAllText(_store.PathOf(changed.Sha256), $"content of {kind}x");
        var problem = await Assert.ThrowsAsync<ProblemException>(() => _inputs.RequireAsync([of]));
        Assert.Equal($"{changed} in the store has other bytes than those that are locked; it was removed",
            Assert.Single(problem.Problems).Found);
        problem = await Assert.ThrowsAsync<ProblemException>(() => _inputs.RequireAsync([of]));
        Assert.Equal($"{changed} is not in the store", Assert.Single(problem.Problems).Found);
        Assert.Equal("Run the target Prefetch", problem.Problems[0].Remedy);
    }

    /// <summary>Nobody needs it to build, and a lock names it for whoever wants to.</summary>
    [Fact]
    public async Task TheSourceOfAWheelNeedNotBeThere()
    {
        var of = await StoredAsync();
        await _inputs.RequireAsync([of with
        {
            Inputs = [.. of.Inputs, new LockedFile(FileKind.Source, "six", "1.0", null, SmallLock.Hex('9'), 1,
                "https://files.example/six-1.0.tar.gz")],
        }]);
    }

    [Fact]
    public void AnImageSaysWhereItsFilesAreHoweverItWasBuilt()
    {
        var of = SmallLock.Keystone;
        var (wheel, sdist, build) = (of.Files.Single(x => x.Kind == FileKind.Wheel),
            of.Files.Single(x => x.Kind == FileKind.Sdist), of.Files.Single(x => x.Kind == FileKind.Build));
        var files = PythonInputs.WithPlaces(new DistributionFiles(
        [
            new DistributionFile("six", "1.17.0", wheel.FileName, wheel.Sha256),
            new DistributionFile("uwsgi", "2.0.29", "uwsgi-2.0.29-cp313-cp313-linux_x86_64.whl", SmallLock.Hex('0'),
                BuiltFrom: new SourceArchive(sdist.FileName, sdist.Sha256)),
            // Of a directory of this machine nobody else knows the place, with a network or without.
            new DistributionFile("pbr", "7.0.1", build.FileName, build.Sha256),
        ]), of);
        Assert.Equal([wheel.Url, null, null], files.Entries.Select(x => x.Url));
        Assert.Equal([null, sdist.Url, null], files.Entries.Select(x => x.BuiltFrom?.Url));
    }

    /// <summary>
    /// A wheel that was built with what an index had is not the one that a hermetic build takes, nor is one that was
    /// built with something else that is locked.
    /// </summary>
    [Fact]
    public void AWheelIsOfWhatItWasBuiltWith()
    {
        Directory.CreateDirectory(_directory / "images" / SdistWheel.Image);
        Directory.CreateDirectory(_directory / "images" / "scripts");
        var settings = new ImageSettings(_directory / "images", "linux/amd64", "r/n");
        var other = SmallLock.Keystone with
        {
            Inputs = [.. SmallLock.Keystone.Inputs.Select(x =>
                x is LockedFile { Kind: FileKind.Build } file ? file with { Sha256 = SmallLock.Hex('8') } : x)],
        };
        var keystone = PythonInputs.DigestOfBuilding(SmallLock.Keystone);
        var keys = new[] { null, keystone, PythonInputs.DigestOfBuilding(other) }
            .Select(x => new SdistWheel("2025.1", new LockedDistribution("uwsgi", "2.0.29",
                new IndexFile("uwsgi-2.0.29.tar.gz", "https://files.example/uwsgi-2.0.29.tar.gz", SmallLock.Hex('3'))),
                _directory / "constraints", _directory / "wheel")
            {
                BuiltWith = x,
            }.StageOf(settings, "sha256:builder").Inputs.ToJson());
        Assert.Equal(3, keys.Distinct().Count());
        Assert.Equal(keystone, PythonInputs.DigestOfBuilding(
            SmallLock.Keystone with { Inputs = [.. SmallLock.Keystone.Inputs.Reverse()] }));
    }

    async Task<InputLock> StoredAsync()
    {
        var files = new List<LockedInput>();
        foreach (var kind in new[] { FileKind.Deb, FileKind.Wheel, FileKind.Sdist, FileKind.Build })
        {
            var content = Encoding.UTF8.GetBytes($"content of {kind}");
            var sha256 = Convert.ToHexStringLower(SHA256.HashData(content));
            await _store.AddAsync(sha256, () => new MemoryStream(content));
            files.Add(new LockedFile(kind, $"a-{kind}", "1.0", kind == FileKind.Deb ? "amd64" : null, sha256,
                content.Length, $"https://files.example/a-{kind}-1.0"));
        }

        return new InputLock(new LockSubject("keystone", "2025.1", "linux/amd64", "debian-trixie"), files);
    }
}
