using CycloneDX;
using OpenStack.Diagnostics;
using OpenStack.Sbom;

namespace OpenStack.Tests.Sbom;

public sealed class SbomDiffTests : IDisposable
{
    readonly SmallImage _image = SmallService.Image();

    public void Dispose() => _image.Dispose();

    [Fact]
    public Task WhatChangedIsSaidOnceAndForAll()
    {
        var diff = Diff();
        return Verify($"{string.Join('\n', SbomDiff.TableOf(diff.Platforms[0]).Lines)}\n\n"
            + $"{diff.ToMarkdown()}\n{diff.ToJson()}");
    }

    [Fact]
    public async Task AnImageADirectoryAndAFileAreTheSame()
    {
        var layout = _image.Write();
        SbomFiles.Write(layout, SmallService.Subject(), SpecificationVersion.v1_6, _image.Directory / "sbom");
        var references = new SbomReferences(_image.Directory);
        var lists = await Task.WhenAll(references.OpenAsync("image"), references.OpenAsync("sbom"),
            references.OpenAsync("sbom/linux-amd64.cdx.json"));
        foreach (var list in lists)
            Assert.Empty(SbomDiff.Of("a", lists[0], "b", list).Platforms.SelectMany(x => x.Changes));
        // What is beside another image is not of this one.
        _image.Layer(("usr/lib/python3/dist-packages/new-1.dist-info/METADATA", "Name: new\nVersion: 1")).Write();
        var changes = SbomDiff.Of("a", lists[1], "b", await references.OpenAsync("image")).Platforms.Single().Changes;
        Assert.Contains(changes, x => x is { Kind: SbomChangeKind.Added, Component: "pypi/new" });
        Assert.Contains(changes,
            x => x is { Kind: SbomChangeKind.Patched, Component: "pypi/keystone", Patches: ["-0001-mend.patch"] });
    }

    [Fact]
    public async Task WhatIsNoneOfThemIsSaidToBe()
    {
        var references = new SbomReferences(_image.Directory);
        async Task<string> MessageAsync(string reference) =>
            (await Assert.ThrowsAsync<ProblemException>(() => references.OpenAsync(reference))).Message;
        Assert.Contains("'nothing' is not there; expected a .cdx.json file", await MessageAsync("nothing"),
            StringComparison.Ordinal);
        Assert.Contains("'.' is a directory without", await MessageAsync("."), StringComparison.Ordinal);
        await File.WriteAllTextAsync(_image.Directory / "x.json", "[]");
        Assert.Contains("x.json: this is no CycloneDX document", await MessageAsync("x.json"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AReferenceOfARegistryIsOpenedByWhoeverCan()
    {
        var asked = "";
        var references = new SbomReferences(_image.Directory, x =>
        {
            asked = x;
            return Task.FromResult<IReadOnlyList<SbomDocument>>([new("""{"bomFormat": "CycloneDX"}""", x)]);
        });
        Assert.Single(await references.OpenAsync("ghcr.io/c5c3/keystone:27.0.0"));
        Assert.Equal("ghcr.io/c5c3/keystone:27.0.0", asked);
    }

    [Fact]
    public void SeveralArchitecturesAreComparedEachWithItsOwn()
    {
        var (amd, arm) = (List("pypi/a 1") with { Architecture = "amd64" },
            List("pypi/a 2") with { Architecture = "arm64" });
        Assert.Empty(SbomDiff.Of("a", [amd, arm], "b", [arm, amd]).Platforms.SelectMany(x => x.Changes));
        Assert.Single(SbomDiff.Of("a", [amd], "b", [arm]).Platforms.Single().Changes);
        Assert.Contains("expected one of amd64 among none",
            Assert.Throws<ProblemException>(() => SbomDiff.Of("a", [amd], "b", [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DocumentsOfOtherMakersAreReadToo()
    {
        var list = BomList.Parse("""
            {"bomFormat": "CycloneDX", "specVersion": "1.4", "metadata": {"component": {"purl": "pkg:oci/x@sha256:1?arch=arm64"}}, "components": [
              {"type": "library", "name": "@a/b", "version": "1", "purl": "pkg:npm/%40a/b@1?x=y", "components": [{"type": "file", "name": "inner"}]},
              {"name": 1, "pedigree": {"patches": [{"type": "backport"}]}}, 7]}
            """, "x.json");
        Assert.Equal("arm64", list.Architecture);
        Assert.Equal(["npm/%40a/b", "file/inner", "/", "/"], list.Components.Select(x => x.Key));
        Assert.Equal(["1 patch"], list.Components[2].Patches.Keys);
    }

    static SbomDiff Diff() => SbomDiff.Of(
        "keystone:1",
        [List("pypi/gone 1", "pypi/up 1.0", "pypi/up 0.9", "pypi/same 1", "pypi/patched 1 a=1 b=1",
            "deb/debian/x 1:1")],
        "keystone:2",
        [List("pypi/new 2 c=1", "pypi/up 1.1", "pypi/up 0.9", "pypi/same 1", "pypi/patched 1 b=2 c=1",
            "deb/debian/x 1:2|3")]);

    /// <summary>Components as key, version and patches with digests.</summary>
    static BomList List(params IReadOnlyList<string> components) =>
        new("", null, "amd64", [.. components.Select(x => x.Split(' '))
            .Select(x => new ListedComponent(x[0], x[0], x[1], "",
                x.Skip(2).ToDictionary(y => y.Split('=')[0] + ".patch", y => y.Split('=')[1])))]);
}
