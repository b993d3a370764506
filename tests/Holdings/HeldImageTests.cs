using OpenStack.Diagnostics;
using OpenStack.Holdings;
using OpenStack.Tests.Lab;
using OpenStack.Tests.Sbom;

namespace OpenStack.Tests.Holdings;

/// <summary>What is remembered of an SBOM as the build writes it.</summary>
public sealed class HeldImageTests
{
    [Fact]
    public void AnSbomSaysWhereComponentsAreFromAndWhatTheyArePatchedWith()
    {
        var text = BomOf.Image(SmallService.Image(), SmallService.Subject(1)).GetRawText();
        var image = HeldImage.Read("ghcr.io/c5c3/keystone", "linux/amd64", text, "x");
        Assert.StartsWith("sha256:", image.Digest, StringComparison.Ordinal);
        HeldComponent Of(string key) => image.Components.Single(x => x.Key == key);

        var keystone = Of("pypi/keystone");
        Assert.Equal(("27.0.0", "e66a63623376401b0ee8a9474ccabc95ee7746f0", "built from source, 1 patch"),
            (keystone.Version, keystone.Commit, keystone.How));
        var patch = Assert.Single(keystone.Patches);
        Assert.Equal(("0001-mend.patch", "Mend it"), (patch.Name, patch.Header.Subject));
        Assert.Equal(["CVE-2026-12345", "2085902"], patch.Resolves);
        Assert.True(Change.OfVulnerability("cve-2026-12345").IsIn(patch));
        Assert.True(Change.OfCommit("0123456789ABCDEF").IsIn(patch));
        Assert.True(Change.OfPatch("patches/keystone/2025.1/0001-mend.patch").IsIn(patch));
        Assert.False(Change.OfPatch("0002-mend.patch").IsIn(patch));

        Assert.Equal("https://opendev.org/openstack/oslo.config", Of("pypi/oslo-config").Remote);
        Assert.Equal("system package, of the base image", Of("deb/debian/libc6").How);
        Assert.Equal("Python distribution", Of("pypi/python-ldap").How);
        Assert.Contains(image.Components, x => x is { Name: "six", How: "a copy in setuptools" });
    }

    [Fact]
    public async Task WhatTheBuildHasWrittenIsFoundBelowADirectory()
    {
        using var directory = new TemporaryDirectory();
        var text = BomOf.Image(SmallService.Image(), SmallService.Subject()).GetRawText();
        foreach (var name in (string[])["2025.1/nova/sbom/linux-arm64.cdx.json",
            "2025.1/nova/sbom/linux-amd64.cdx.json", "2025.1/keystone/sbom/linux-amd64.cdx.json",
            "2025.1/nova/packages/deb/nova.deb.cdx.json"])
        {
            Directory.CreateDirectory((directory.Path / name).Parent!);
            File.WriteAllText(directory.Path / name, text);
        }

        var memory = new HeldMemory(directory.Path / "memory");
        var images = new ImageHoldings();
        await images.AddWrittenAsync(directory.Path, "artifacts", memory);
        Assert.Equal(["2025.1/keystone linux/amd64", "2025.1/nova linux/amd64", "2025.1/nova linux/arm64"],
            images.Found.Select(x => $"{x.Image.Image} {x.Image.Platform}"));
        images = new ImageHoldings();
        await images.AddWrittenAsync(directory.Path / "2025.1/nova/sbom/linux-arm64.cdx.json", "one", memory);
        Assert.Equal("one linux/arm64", $"{images.Found[0].Image.Image} {Assert.Single(images.Found).Image.Platform}");
        async Task<string> RefusedAsync(string place, string shownAs) => (await Assert.ThrowsAsync<ProblemException>(
            () => images.AddWrittenAsync(directory.Path / place, shownAs, memory))).Message;
        Assert.Contains("there is no SBOM in 'x'", await RefusedAsync("2025.1/nova/packages", "x"),
            StringComparison.Ordinal);
        Assert.Contains("'y' is not there", await RefusedAsync("none", "y"), StringComparison.Ordinal);
    }

    /// <summary>Anybody's CycloneDX document, with as little as it may have.</summary>
    [Fact]
    public void AForeignSbomIsReadAsFarAsItGoes()
    {
        var image = HeldImage.Read("x", "", """
            {"bomFormat": "CycloneDX", "components": [{"type": "library", "name": "a",
             "pedigree": {"patches": [{"type": "unofficial"}, {"type": "backport", "diff": {"text":
             {"encoding": "base64", "content": "U3ViamVjdDogQgo="}}}]},
             "components": [{"type": "library", "name": "b", "version": "1", "purl": "pkg:npm/%40x/b@1?a=b"}]}]}
            """, "x");
        Assert.Equal(["library/a", "npm/%40x/b"], image.Components.Select(x => x.Key));
        Assert.Equal(["patch 1 ", "patch 2 B"],
            image.Components[0].Patches.Select(x => $"{x.Name} {x.Header.Subject}"));
    }

    [Theory]
    [InlineData("""
        {"bomFormat": "CycloneDX", "components": [{"pedigree": {"patches": [{"diff": {"text":
         {"encoding": "base64", "content": "U3V$"}}}]}}]}
        """, "said to be base64")]
    [InlineData("""{"bomFormat": "SPDX"}""", "bomFormat is not CycloneDX")]
    [InlineData("""{"bomFormat": "\ud800"}""", "no CycloneDX document")]
    [InlineData("{", "no CycloneDX document")]
    public void WhatIsBrokenIsNamed(string text, string problem) => Assert.Contains(problem,
        Assert.Throws<ProblemException>(() => HeldImage.Read("x", "", text, "y.json")).Message,
        StringComparison.Ordinal);
}
