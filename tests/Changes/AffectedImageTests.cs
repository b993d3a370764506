using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Changes;
using OpenStack.Constraints;
using OpenStack.Locks;
using OpenStack.Storage;
using OpenStack.Tests.Locks;

namespace OpenStack.Tests.Changes;

/// <summary>The repository's own catalog, changed in a copy.</summary>
public sealed class AffectedImageTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("affected-").FullName;
    readonly AbsolutePath _root;
    readonly Lazy<IReadOnlyList<ImageFootprint>> _before;

    public AffectedImageTests()
    {
        _root = _directory / "repository";
        foreach (var name in (string[])["images", "releases", "patches", "overrides"])
            if (Directory.Exists(RepositoryRoot.Path / name)) FileTreeCopy(RepositoryRoot.Path / name, _root / name);
        _before = new Lazy<IReadOnlyList<ImageFootprint>>(Read);
    }

    static ReleaseCatalog Catalog => CatalogLoader.Load(RepositoryRoot.Path);

    /// <summary>All images: a release need not have every service.</summary>
    static string[] All => [.. Catalog.Select(["all"], ["all"]).Select(x => $"{x.Service} {x.Release.Name}")
        .Order(StringComparer.Ordinal)];

    static string[] Python => [.. Catalog.Services.Where(x => Catalog.KindOf(x) == ImageKind.Python)];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void NothingChangedConcernsNothing() => Assert.Empty(AffectedBy(() => { }));

    [Fact]
    public void ThePlaceOfALineDoesNotMatter() =>
        Assert.Empty(AffectedBy(() => Edit("releases/2025.1/source-refs.yaml", x => "# moved\n\n" + x)));

    [Fact]
    public void ARefConcernsItsOwnImage() => Assert.Equal(["nova 2025.1: source ref"], AffectedBy(() =>
        Edit("releases/2025.1/source-refs.yaml", x => x.Replace("nova: \"", "nova: \"9", StringComparison.Ordinal))));

    [Fact]
    public void APatchConcernsItsOwnImage() =>
        Assert.Equal(["nova 2025.2: patches"], AffectedBy(() => Write("patches/nova/2025.2/0001-fix.patch", "diff")));

    [Fact]
    public void ALibraryConcernsEveryImageOfItsRelease() => Assert.Equal(
        Python.Select(x => $"{x} 2025.2: library oslo-policy"),
        AffectedBy(() => Edit("releases/2025.2/source-refs.yaml", x => $"{x}oslo.policy: \"4.5.0\"\n")));

    [Fact]
    public void APluginConcernsTheImageThatNamesIt()
    {
        Assert.Equal(["neutron 2025.2: plugin neutron-vpnaas"], AffectedBy(() =>
        {
            Edit("releases/2025.2/source-refs.yaml", x => $"{x}neutron-vpnaas: \"27.0.0\"\n");
            Edit("releases/2025.2/extra-packages.yaml", x => x.Replace("\nneutron:\n",
                "\nneutron:\n  plugins: [neutron-vpnaas]\n", StringComparison.Ordinal));
        }));
        Write("patches/neutron-vpnaas/2025.2/0001-fix.patch", "diff");
        Assert.Contains("neutron 2025.2: plugin neutron-vpnaas", AffectedBy(() => { }));
    }

    [Fact]
    public void TheLifeOfAReleaseConcernsItsImagesWhereTheirLabelsSayIt()
    {
        const string file = "releases/2025.2/series.yaml";
        Assert.Empty(AffectedBy(() => Edit(file, x => x.Replace("slurp: false", "slurp: true",
            StringComparison.Ordinal))));
        Assert.Equal(All.Where(x => x.EndsWith(" 2025.2", StringComparison.Ordinal)).Select(x => $"{x}: life cycle"),
            AffectedBy(() => Edit(file, x => x.Replace("\nnext-phase:\n", "\n# then\nnext-phase:\n",
                StringComparison.Ordinal).Replace("  date: 2", "  date: 3", StringComparison.Ordinal))));
    }

    [Fact]
    public void ASystemPackageConcernsTheImagesThatHaveIt() => Assert.Equal(
        ["cinder 2025.1: system packages", "cinder 2025.2: system packages", "cinder 2026.1: system packages"],
        AffectedBy(() => Edit("images/bindep.txt", x => $"{x}cowsay [cinder]\n")));

    [Fact]
    public void AMovedPackageConcernsTheImagesThatHaveIt()
    {
        var pythonBase = new InputLock(new LockSubject("python-base", null, "linux/amd64", "debian-trixie"), []);
        WriteLock(SmallLock.Keystone);
        WriteLock(pythonBase);
        Assert.Empty(AffectedBy(() =>
            WriteLock(Moved(x => x is LockedSuite suite ? suite with { Sha256 = SmallLock.Hex('9') } : x))));
        Assert.Equal(["keystone 2025.1: locked inputs"],
            AffectedBy(() => WriteLock(Moved(x => x is LockedFile { Kind: FileKind.Deb }
                ? SmallLock.Deb("libpq5", "18.0-1", 'f')
                : x))));
        Assert.Equal(All.Length,
            AffectedBy(() => WriteLock(pythonBase with { Inputs = [SmallLock.Deb("tzdata", "2026a-1", 'f')] })).Length);
    }

    static InputLock Moved(Func<LockedInput, LockedInput> move) =>
        SmallLock.Keystone with { Inputs = [.. SmallLock.Keystone.Inputs.Select(move)] };

    void WriteLock(InputLock written)
    {
        var file = written.Subject.FileBelow(_root / "releases");
        Directory.CreateDirectory(file.Parent!);
        File.WriteAllText(file, written.ToText());
    }

    [Fact]
    public void TheBaseConcernsAll() => Assert.Equal(All.Length,
        AffectedBy(() => Edit("images/python-base/Dockerfile", x => $"{x}# other\n")).Length);

    [Fact]
    public void AContractIsToBeTestedAgain() =>
        Assert.Equal(["nova 2025.1: image files", "nova 2025.2: image files", "nova 2026.1: image files"],
            AffectedBy(() => Edit("images/nova/contract.yaml", x => $"{x}# other\n")));

    [Fact]
    public void APinConcernsAllAsLongAsNothingIsKnown() => Assert.Equal(
        Python.Select(x => $"{x} 2025.1: constraint of boto3"),
        AffectedBy(() => Write("overrides/2025.1/constraints.txt",
            File.ReadAllText(_root / "overrides/2025.1/constraints.txt") + "\nboto3===1.0.0\n")));

    [Fact]
    public void APinConcernsTheImagesThatHaveTheDistribution()
    {
        Record("glance", "boto3", "pbr");
        Record("nova", "pbr");
        var affected = AffectedBy(() => Write("overrides/2025.1/constraints.txt",
            File.ReadAllText(_root / "overrides/2025.1/constraints.txt") + "\nboto3===1.0.0\n"));
        Assert.Contains("glance 2025.1: constraint of boto3", affected);
        Assert.DoesNotContain(affected, x => x.StartsWith("nova", StringComparison.Ordinal));
    }

    /// <summary>
    /// Another version of what it has may ask for what it had not: nobody knows until it is built again.
    /// </summary>
    [Fact]
    public void WhatIsRecordedOfOtherInputsSaysNothing()
    {
        Record("nova", "pbr");
        Edit("releases/2025.1/source-refs.yaml", x => x.Replace("nova: \"", "nova: \"9", StringComparison.Ordinal));
        Assert.Contains("nova 2025.1: constraint of boto3",
            AffectedBy(() => Write("overrides/2025.1/constraints.txt",
                File.ReadAllText(_root / "overrides/2025.1/constraints.txt") + "\nboto3===1.0.0\n")));
    }

    [Fact]
    public void AnotherBuildMayMakeOtherImages()
    {
        var images = AffectedImage.Of(Read(), Read(), code: true);
        Assert.NotEmpty(images);
        Assert.All(images, x => Assert.Equal(["the build"], x.Because));
    }

    string[] AffectedBy(Action change)
    {
        _ = _before.Value;
        change();
        return [.. AffectedImage.Of(Read(), _before.Value, code: false)
            .Select(x => $"{x.Service} {x.Release}: {string.Join(", ", x.Because)}")];
    }

    void Record(string service, params string[] distributions)
    {
        var footprint = Read().Single(x => x.Service == service && x.Release == "2025.1");
        var file = _root / "releases/2025.1" / ClosureLock.Name;
        var names = distributions.Select(PythonName.Of).ToHashSet();
        AtomicFile.WriteText(file, ClosureLock.Read(file, "lock")
            .With([new LockedClosure(service, footprint.InputsOf(names), distributions)])
            .ToText());
    }

    IReadOnlyList<ImageFootprint> Read() => new RepositoryFootprint(CatalogLoader.Load(_root),
        "ubuntu-noble", _root / "releases")
        .ReadAsync()
        .GetAwaiter()
        .GetResult();

    void Edit(string file, Func<string, string> edit) => Write(file, edit(File.ReadAllText(_root / file)));

    void Write(string file, string text)
    {
        Directory.CreateDirectory((_root / file).Parent!);
        File.WriteAllText(_root / file, text);
    }

    static void FileTreeCopy(AbsolutePath from, AbsolutePath to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            AbsolutePath target = to / Path.GetRelativePath(from, file);
            Directory.CreateDirectory(target.Parent!);
            File.Copy(file, target);
        }
    }
}
