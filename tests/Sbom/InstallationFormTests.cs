using System.Formats.Tar;
using System.IO.Compression;

namespace OpenStack.Tests.Sbom;

/// <summary>What <c>importlib.metadata</c> lists, in each form in which a distribution may be installed.</summary>
public sealed class InstallationFormTests : IDisposable
{
    const string Site = SmallService.Site;

    readonly SmallImage _image = new();

    public void Dispose() => _image.Dispose();

    [Fact]
    public void AllFormsAreListedAndHaveTheirEdges()
    {
        var bom = BomOf.Image(_image.Layer(
            ($"{Site}/wheel-1.dist-info/METADATA", "Name: wheel\nVersion: 1\nRequires-Dist: six\n"),
            ($"{Site}/old-1.dist-info/PKG-INFO", "Name: old\nVersion: 1\nRequires-Dist: six\n"),
            ($"{Site}/directory-1.egg-info/PKG-INFO", "Name: directory\nVersion: 1\n"),
            ($"{Site}/directory-1.egg-info/requires.txt", "six\n"),
            ($"{Site}/file-1.egg-info", "Name: file\nVersion: 1\nRequires-Dist: six\n"),
            ($"{Site}/egg-1-py3.13.egg/EGG-INFO/PKG-INFO", "Name: egg\nVersion: 1\n"),
            ($"{Site}/egg-1-py3.13.egg/EGG-INFO/requires.txt", "six\n"),
            ($"{Site}/egg-1-py3.13.egg/egg.py", "x"),
            ($"{Site}/easy-install.pth", "import sys\n# no\n./egg-1-py3.13.egg\n/src/work\n"),
            ("src/work/develop.egg-info/PKG-INFO", "Name: develop\nVersion: 1\nRequires-Dist: six\n"),
            ($"{Site}/bare-1.2.dist-info/RECORD", "bare.py,,\n"),
            ($"{Site}/six-1.dist-info/METADATA", "Name: six\nVersion: 1\n")));
        Assert.Equal(["bare-1.2", "develop-1", "directory-1", "egg-1", "file-1", "old-1", "six-1", "wheel-1"],
            BomOf.Components(bom).Select(x => $"{BomOf.Text(x, "name")}-{BomOf.Text(x, "version")}")
                .Order(StringComparer.Ordinal));
        Assert.Equal(
            ["develop-1 → six-1", "directory-1 → six-1", "egg-1 → six-1", "file-1 → six-1", "old-1 → six-1",
            "wheel-1 → six-1"], BomOf.Edges(bom));
    }

    [Fact]
    public void TwoVersionsInOneSiteAreBothThereAndBothHaveTheirEdges()
    {
        var bom = BomOf.Image(_image.Layer(
            ($"{Site}/a-1.dist-info/METADATA", "Name: a\nVersion: 1\nRequires-Dist: b\n"),
            ($"{Site}/a-2.dist-info/METADATA", "Name: a\nVersion: 2\nRequires-Dist: c>=2\n"),
            ($"{Site}/b-1.dist-info/METADATA", "Name: b\nVersion: 1\nRequires-Dist: a>=3\n"),
            ($"{Site}/c-1.dist-info/METADATA", "Name: c\nVersion: 1\n"),
            ($"{Site}/c-2.dist-info/METADATA", "Name: c\nVersion: 2\n"),
            ($"{Site}/c-2.egg-info", "Name: c\nVersion: 2\n"),
            ($"{Site}/C-2.egg-info/PKG-INFO", "Name: c\nVersion: 2\n")));
        // Of c what the requirement admits, however often it is there; of a none is admitted, so it may be either.
        Assert.Equal(
            ["a-1 → b-1", "a-2 → c-2", "a-2 → c-2", "a-2 → c-2", "b-1 → a-1", "b-1 → a-2"],
            BomOf.Edges(bom));
        Assert.Equal(
            BomOf.Components(bom).Count,
            BomOf.Components(bom).Select(x => BomOf.Text(x, "bom-ref")).Distinct().Count());
    }

    [Fact]
    public void AnEggMayBeAnArchiveOrABrokenOne()
    {
        var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var writer = new StreamWriter(archive.CreateEntry("EGG-INFO/PKG-INFO").Open());
            writer.Write("Name: Zipped\nVersion: 2\n");
        }

        var layer = SmallImage.Tar(
            [($"{Site}/zipped-2-py3.13.egg", "x"), ($"{Site}/broken-3-py3.13.egg", "no archive")]);
        var bom = BomOf.Image(_image.Layer(layer).Layer(Replace(bytes.ToArray())));
        Assert.Equal(["Zipped-2", "broken-3"], BomOf.Components(bom)
            .Select(x => $"{BomOf.Text(x, "name")}-{BomOf.Text(x, "version")}")
            .Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ID=debian\nVERSION_CODENAME=forky\n", "forky", "pkg:generic/debian@forky", "distro=debian-forky")]
    [InlineData("ID=debian\nVERSION_ID='13'\nVERSION_CODENAME=x\n", "13", "pkg:generic/debian@13", "distro=debian-13")]
    [InlineData("ID=debian\n", null, "pkg:generic/debian", null)]
    public void ASystemIsOfTheReleaseThatItNames(string release, string? version, string purl, string? qualifier)
    {
        var bom = BomOf.Image(_image.Layer(("etc/os-release", release), ("var/lib/dpkg/status", SmallService.Status)));
        var system = BomOf.Component(bom, "debian");
        Assert.Equal((version, purl), (BomOf.Text(system, "version"), BomOf.Text(system, "purl")));
        Assert.DoesNotContain("\"version\": \"NOASSERTION\"", bom.ToString(), StringComparison.Ordinal);
        Assert.Equal(qualifier, BomOf.Text(BomOf.Component(bom, "libc6"), "purl")!
            .Split('?', '&')
            .FirstOrDefault(x => x.StartsWith("distro=", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("bare-1.dist-info/RECORD", "bare.py,,\n", "bare", "there is none")]
    [InlineData("empty-1.dist-info/METADATA", "", "empty", "it has no name")]
    [InlineData("half-1.egg-info/PKG-INFO", "Version: 1\n", "half", "it has no name")]
    [InlineData("broken-3-py3.13.egg", "no archive", "broken", "the archive is damaged")]
    public void MetadataThatIsNotReadIsSaid(string path, string text, string name, string why)
    {
        _image.Layer(($"{Site}/{path}", text), ($"{Site}/six-1.dist-info/METADATA", "Name: six\nVersion: 1\n"));
        var bom = BomOf.Image(_image);
        Assert.Equal([why], BomOf.Properties(BomOf.Component(bom, name), "python:unread-metadata"));
        Assert.Empty(BomOf.Properties(BomOf.Component(bom, "six"), "python:unread-metadata"));
        Assert.Contains(
            $"distributions whose metadata cannot be read, so that their name is all that is known: 1 ({name})",
            BomOf.Warnings(_image));
    }

    [Fact]
    public void WhatNothingInTheImageMeetsIsSaid()
    {
        _image.Layer(("var/lib/dpkg/status", """
            Package: a
            Status: install ok installed
            Architecture: amd64
            Version: 1
            Depends: b (>= 1), gone | lost (<< 2), virtual:any

            Package: b
            Status: install ok installed
            Architecture: amd64
            Version: 1
            Provides: virtual (= 1)

            """));
        Assert.Equal(["gone | lost"],
            BomOf.Properties(BomOf.Component(BomOf.Image(_image), "a"), "deb:unmet-dependency"));
        Assert.Contains("dependencies of system packages that nothing in the image meets: 1 (a)",
            BomOf.Warnings(_image));
    }

    [Fact]
    public void ComponentsOfAnEmbeddedSbomThatHaveNoNameAreCounted()
    {
        _image.Layer(
            ($"{Site}/a-1.dist-info/METADATA", "Name: a\nVersion: 1\n"),
            ($"{Site}/a-1.dist-info/sboms/a.cdx.json",
                """{"bomFormat": "CycloneDX", "components": [{"name": "zlib"}, {"version": "1"}, {"name": ""}]}"""));
        var bom = BomOf.Image(_image);
        Assert.Equal([$"/{Site}/a-1.dist-info/sboms/a.cdx.json: 2 of its 3 components have no name"],
            BomOf.Properties(BomOf.Component(bom, "a"), "embedded-sbom:not-read"));
        Assert.NotEmpty(BomOf.Properties(BomOf.Component(BomOf.Component(bom, "a"), "zlib"), "embedded-sbom"));
        Assert.Contains("SBOMs of distributions that are not read, or not as a whole: 1 (a)", BomOf.Warnings(_image));
    }

    /// <summary>A layer with the archive, byte for byte.</summary>
    static byte[] Replace(byte[] archive)
    {
        var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
        {
            var (path, content) = ($"{Site}/zipped-2-py3.13.egg", new MemoryStream(archive));
            writer.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = content });
        }

        return stream.ToArray();
    }
}
