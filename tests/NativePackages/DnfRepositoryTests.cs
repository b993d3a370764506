using System.IO.Compression;
using System.Xml.Linq;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.NativePackages;
using OpenStack.Processes;
using OpenStack.Signing;
using OpenStack.Storage;
using OpenStack.Tests.Lab;

namespace OpenStack.Tests.NativePackages;

/// <summary>
/// A repository of dnf, of packages that rpmbuild has made (<c>rpms/</c>); dnf itself reads one in <c>TestPackage</c>.
/// </summary>
public sealed class DnfRepositoryTests : IDisposable
{
    const string Distribution = "debian-trixie";
    const string Release = "2025.1";

    static readonly AbsolutePath s_rpms = RepositoryRoot.Path / "tests" / "NativePackages" / "rpms";

    readonly TemporaryDirectory _directory = new();
    readonly OpenPgpKey _key;

    public DnfRepositoryTests() => _key = KeyNamed("key");

    AbsolutePath Directory => _directory.Path / "repository";

    AbsolutePath Repository => Directory / DnfRepository.Root / Distribution / Release;

    AbsolutePath Repomd => Repository / "repodata" / "repomd.xml";

    public void Dispose() => _directory.Dispose();

    /// <summary>Apart from the order in which packages are, and of white space.</summary>
    [Fact]
    public void ListsAreWhatCreaterepoWrites()
    {
        var lists = DnfMetadata.All();
        foreach (var list in lists)
        {
            var expected = XElement.Load(s_rpms / $"createrepo-{list.Kind}.xml");
            foreach (var file in System.IO.Directory.GetFiles(s_rpms, "*.rpm").Order(StringComparer.Ordinal))
                list.Add(RpmFile.Read(file), new DnfPlace(Path.GetFileName(file),
                    Digest.OfFile(file)["sha256:".Length..], new FileInfo(file).Length, TimeOf(Path.GetFileName(file)),
                    RpmFile.Read(file).HeaderStart));
            list.Write(_directory.Path, 0);
            var written = System.IO.Directory.GetFiles(_directory.Path, $"*-{list.Kind}.xml.gz").Single();
            using var gzip = new GZipStream(File.OpenRead(written), CompressionMode.Decompress);
            Assert.Equal(Normal(expected), Normal(XElement.Load(gzip)));
        }
    }

    /// <summary>What createrepo saw as the time of the file.</summary>
    static long TimeOf(string name) => XElement.Load(s_rpms / "createrepo-primary.xml").Elements()
        .Where(x => x.Descendants().Any(y => (string?)y.Attribute("href") == name))
        .Select(x => long.Parse(x.Descendants().Single(y => y.Name.LocalName == "time").Attribute("file")!.Value, null))
        .Single();

    static List<string> Normal(XElement root) =>
    [
        $"{root.Name} {root.Attribute("packages")}",
        .. root.Elements().Select(x => string.Join('\n', x.DescendantsAndSelf().Select(LineOf)))
            .Order(StringComparer.Ordinal),
    ];

    static string LineOf(XElement x) => $"{x.Name} "
        + string.Join(' ', x.Attributes().Select(y => $"{y.Name}={y.Value}").Order(StringComparer.Ordinal))
        + " " + string.Concat(x.Nodes().OfType<XText>().Select(y => y.Value)).Trim();

    [Fact]
    public async Task WhatWasThereBeforeStaysAndGpgKnowsTheSignature()
    {
        await AddAsync("openstack-a-1.0");
        await AddAsync("openstack-a-1.1", "openstack-b-1.0");
        Assert.Equal(["openstack-a-1.0-p0.1.noarch", "openstack-a-1.1-p0.1.noarch", "openstack-b-1.0-p0.1.noarch"],
            Available());
        Assert.Empty(Check(_key));
        await new Command("gpg", "--homedir", Home(), "--import", Directory / AptRepository.KeyFile).RequireAsync();
        await new Command("gpg", "--homedir", Home(), "--verify", $"{Repomd}.asc", Repomd).RequireAsync();
        // The same again, as a run does that was killed after it.
        Assert.Empty(await AddAsync("openstack-b-1.0"));
        Assert.Equal(3, Available().Count);
    }

    /// <summary>
    /// The lists of an addition are there, and <c>repomd.xml</c> is not yet: what a killed run leaves.
    /// </summary>
    [Fact]
    public async Task AClientOfAKilledRunSeesWhatWasBeforeAndTheNextRunEndsIt()
    {
        await AddAsync("openstack-a-1.0");
        var before = (await File.ReadAllBytesAsync(Repomd), await File.ReadAllBytesAsync($"{Repomd}.asc"));
        await AddAsync("openstack-a-1.1");
        await File.WriteAllBytesAsync(Repomd, before.Item1);
        await File.WriteAllBytesAsync($"{Repomd}.asc", before.Item2);
        Assert.Equal(["openstack-a-1.0-p0.1.noarch"], Available());
        Assert.Empty(Check(_key));
        Assert.Empty(await AddAsync("openstack-a-1.1"));
        Assert.Equal(["openstack-a-1.0-p0.1.noarch", "openstack-a-1.1-p0.1.noarch"], Available());
    }

    [Fact]
    public async Task TwoThatAddAtOnceBothHaveAdded()
    {
        string[] packages = ["openstack-a-1.0", "openstack-a-1.1", "openstack-b-1.0"];
        await Task.WhenAll(packages.Select(x => Task.Run(() => AddAsync(x))));
        Assert.Equal(3, Available().Count);
        Assert.Empty(Check(_key));
    }

    [Fact]
    public async Task WhatIsTakenOutIsGoneAndTheRestStays()
    {
        await AddAsync("openstack-a-1.0", "openstack-a-1.1", "openstack-b-1.0");
        var repository = new DnfRepository(Directory);
        Assert.All(repository.List(), x => Assert.Equal($"{Distribution}/{Release}", x.Index));
        await repository.RemoveAsync([.. repository.List().Where(x => $"{x}" == "openstack-a 1.0-p0.1")], _key);
        Assert.Equal(["openstack-a-1.1-p0.1.noarch", "openstack-b-1.0-p0.1.noarch"], Available());
        Assert.Empty(Check(_key));
        foreach (var kind in DnfMetadata.All().Select(x => x.Kind))
        {
            var list = DnfMetadata.Named(Repomd).Single(x => x.Kind == kind).Place;
            using var gzip = new GZipStream(File.OpenRead(Repository / list), CompressionMode.Decompress);
            Assert.Equal(2, XElement.Load(gzip).Elements().Count());
        }

        Assert.Equal(["openstack-a-1.1-p0.1.noarch.rpm"], System.IO.Directory.GetFiles(
            Repository / "packages" / "openstack-a").Select(x => Path.GetFileName(x)));
        // Another release or distribution has its own.
        await repository.RemoveAsync([new("ubuntu-noble/2025.1", "openstack-b", "1.0-p0.1", [], default)], _key);
        Assert.Equal(2, Available().Count);
    }

    /// <summary>Lists say what runs what, as retention asks for it.</summary>
    [Fact]
    public async Task AListSaysWhatAPackageRequires()
    {
        await AddAsync("openstack-a-1.0");
        var requires = RpmFile.Read(FileOf("openstack-a-1.0")).Requires.Where(x => !x.IsOfRpm).Select(x => x.Name)
            .Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(requires);
        var listed = Assert.Single(new DnfRepository(Directory).List());
        Assert.Equal(requires, listed.Depends.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task OtherBytesOfAVersionAreRefusedAndAnotherKeyIsNoOtherPackage()
    {
        await AddAsync("openstack-a-1.0");
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            AddAsync("openstack-b-1.0", "other/openstack-a-1.0"));
        Assert.Contains("openstack-a-1.0-p0.1.noarch is in the repository with other bytes", problem.Message,
            StringComparison.Ordinal);
        Assert.Equal(["openstack-a-1.0-p0.1.noarch"], Available());
        var other = KeyNamed("other");
        Assert.Empty(await new DnfRepository(Directory).AddAsync(Distribution, Release, [FileOf("openstack-a-1.0")],
            other));
        Assert.Empty(Check(other));
    }

    [Fact]
    public async Task WhatSomebodyHasChangedIsFound()
    {
        await AddAsync("openstack-a-1.0", "openstack-b-1.0");
        Assert.Contains("it is signed by another key", Assert.Single(Check(KeyNamed("other"))),
            StringComparison.Ordinal);
        await ChangedAsync(Repository / "packages" / "openstack-a" / "openstack-a-1.0-p0.1.noarch.rpm",
            "it is sha256:");
        await ChangedAsync(Repomd, "it is not what was signed");
        await ChangedAsync($"{Repomd}.asc", "signature cannot be read");
        await ChangedAsync(System.IO.Directory.GetFiles(Repository / "repodata", "*-filelists.xml.gz").Single(),
            "it is sha256:");
        Assert.Empty(Check(_key));
    }

    /// <summary>A package with its own digest in the lists, and a signature that is of another one.</summary>
    [Fact]
    public async Task ASignatureThatIsOfAnotherPackageIsFound()
    {
        await AddAsync("openstack-a-1.0");
        var signed = RpmFile.Read(Repository / "packages" / "openstack-a" / "openstack-a-1.0-p0.1.noarch.rpm");
        var certificate = OpenPgpCertificate.Read(_key.PublicKey(), "certificate");
        Assert.Null(certificate.ProblemOf(signed.Header.Bytes, signed.Signature!, signed.File, DateTimeOffset.UtcNow));
        Assert.Contains("it is not what was signed", certificate.ProblemOf(
            RpmFile.Read(FileOf("openstack-b-1.0")).Header.Bytes, signed.Signature!, signed.File,
            DateTimeOffset.UtcNow)!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(50)]
    [InlineData(1000)]
    [InlineData(4500)]
    public void WhatIsNoPackageIsToldAsSuch(int length)
    {
        var file = _directory.Path / "half.rpm";
        File.WriteAllBytes(file, File.ReadAllBytes(FileOf("openstack-a-1.0"))[..length]);
        Assert.Contains("this is no package of this build",
            Assert.Throws<ProblemException>(() => RpmFile.Read(file)).Message, StringComparison.Ordinal);
    }

    /// <summary>One file is another one for a moment.</summary>
    async Task ChangedAsync(AbsolutePath file, string expected)
    {
        var before = await File.ReadAllBytesAsync(file);
        await File.WriteAllBytesAsync(file, [.. before[..(before.Length / 2)], 65, .. before[(before.Length / 2)..]]);
        Assert.Contains(expected, Assert.Single(Check(_key)), StringComparison.Ordinal);
        await File.WriteAllBytesAsync(file, before);
    }

    List<string> Check(OpenPgpKey key) =>
        [.. new DnfRepositoryCheck(Directory, OpenPgpCertificate.Read(key.PublicKey(), "certificate"))
            .Check(DateTimeOffset.UtcNow, out _).Select(x => x.ToString())];

    List<string> Available() => [.. DnfMetadata.Packages(Repository / DnfMetadata.Named(Repomd)
        .Single(x => x.Kind == "primary").Place).Select(x => x.Nevra).Order(StringComparer.Ordinal)];

    async Task<IReadOnlyList<RpmFile>> AddAsync(params string[] packages) =>
        await new DnfRepository(Directory).AddAsync(Distribution, Release, [.. packages.Select(FileOf)], _key);

    static AbsolutePath FileOf(string package) => s_rpms / $"{package}-p0.1.noarch.rpm";

    string Home()
    {
        var home = _directory.Path / "gpg";
        System.IO.Directory.CreateDirectory(home);
        return home;
    }

    OpenPgpKey KeyNamed(string name)
    {
        OpenPgpKey.Generate(_directory.Path / $"{name}.asc", "Test <test@example.org>");
        return OpenPgpKey.Read(_directory.Path / $"{name}.asc", "", DateTimeOffset.UtcNow);
    }
}
