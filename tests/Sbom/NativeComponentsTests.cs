using OpenStack.Catalog;
using OpenStack.Sbom;
using OpenStack.Signing;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Tests.Sbom;

/// <summary>An image of what is no Python distribution: a program of its own beside those of packages.</summary>
public sealed class NativeComponentsTests : IDisposable
{
    const string Patch = "Subject: Mend it\n\nCVE-2026-12345\n---\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n";

    readonly SmallImage _image = new SmallImage()
        .Layer(
            ("usr/lib/os-release", "ID=debian\nVERSION_ID=\"13\"\n"),
            ("usr/bin/of-the-base", "made when the base was"),
            ("sbin", "->usr/sbin"),
            ("usr/sbin/ip", "elf"),
            ("var/lib/dpkg/status", "Package: iproute2\nStatus: install ok installed\nVersion: 6.15\n"
                + "Architecture: amd64\nMaintainer: Somebody\n"),
            ("var/lib/dpkg/info/iproute2.list", "/.\n/sbin/ip\n"))
        .Layer(("usr/sbin/ovs-vswitchd", "elf of ours"), ("usr/sbin/ovsdb-server", "elf of ours, too"),
            ("etc/openvswitch/made", "configuration"));

    public void Dispose() => _image.Dispose();

    [Fact]
    public void WhatNoPackageBroughtIsTheComponents()
    {
        var bom = BomOf.Image(_image, Subject(patch: null));
        var ovs = BomOf.Component(bom, "openvswitch");
        Assert.Equal("application", BomOf.Text(ovs, "type"));
        Assert.Equal("pkg:github/openvswitch/ovs@3.5.4?vcs_url=git%2Bhttps:%2F%2Fgithub.com%2Fopenvswitch%2Fovs.git"
            + $"%40{new string('1', 40)}", BomOf.Text(ovs, "purl"));
        Assert.Equal(FileSet(("usr/sbin/ovs-vswitchd", "elf of ours"), ("usr/sbin/ovsdb-server", "elf of ours, too")),
            ovs.GetProperty("hashes")[0].GetProperty("content").GetString());
        Assert.Equal(["image"], BomOf.Properties(ovs, "layer:of"));
        Assert.Equal(["vcs https://github.com/openvswitch/ovs.git"], BomOf.References(ovs));
        Assert.Empty(SbomSchema.ErrorsIn(bom.GetRawText()));
        Assert.Empty(MinimumElements.MissingIn(bom));
    }

    [Fact]
    public void WhatIsLinkedIntoItAndItsPatchesAreListed()
    {
        var bom = BomOf.Image(_image, Subject(Patch));
        var (ovs, library) = (BomOf.Component(bom, "openvswitch"), BomOf.Component(bom, "linked"));
        Assert.Equal("pkg:github/openvswitch/ovs@3.5.4", BomOf.Text(ovs, "purl"));
        Assert.Equal("CVE-2026-12345", ovs.GetProperty("pedigree").GetProperty("patches")[0].GetProperty("resolves")[0]
            .GetProperty("id").GetString());
        Assert.StartsWith("pkg:github/openvswitch/ovs@3.5.4?vcs_url=", ovs.GetProperty("pedigree")
            .GetProperty("ancestors")[0].GetProperty("purl").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("pkg:generic/linked@1.0?vcs_url=", BomOf.Text(library, "purl"), StringComparison.Ordinal);
        Assert.Equal(["openvswitch"], BomOf.Properties(library, "native:linked-into"));
        var edges = bom.GetProperty("dependencies").EnumerateArray()
            .Single(x => BomOf.Text(x, "ref") == BomOf.Text(ovs, "bom-ref")).GetProperty("dependsOn");
        Assert.Equal([BomOf.Text(library, "bom-ref")], edges.EnumerateArray().Select(x => x.GetString()));
        Assert.Empty(SbomSchema.ErrorsIn(bom.GetRawText()));
        Assert.Empty(MinimumElements.MissingIn(bom));
    }

    static string FileSet(params (string Path, string Text)[] files) => Digest.OfText(string.Concat(files.Select(
        x => $"{Digest.OfText(x.Text)["sha256:".Length..]}  /{x.Path}\n")))["sha256:".Length..];

    static BomSubject Subject(string? patch) => new("openvswitch", "ghcr.io/c5c3")
    {
        BaseLayers = new Dictionary<string, int> { ["linux/amd64"] = 1 },
        Natives = [Source("openvswitch", "https://github.com/openvswitch/ovs.git", "3.5.4", isService: true, patch),
            Source("linked", "https://example.org/linked", "1.0", isService: false, null)],
    };

    /// <summary>Who has the image and its provenance alone finds the same components.</summary>
    [Fact]
    public void InputsNameTheSameComponents()
    {
        var inputs = new Dictionary<string, string>
        {
            ["arg.VERSION"] = "3.5.4",
            ["source.remote"] = "https://github.com/openvswitch/ovs.git",
            ["base.layers"] = "1",
            ["tree.linked"] = "1.0 https://example.org/linked",
            ["tree.linked.digest"] = "sha256:0",
        };
        var layout = _image.Write();
        using var again = AttestedSbom.MadeAgain(layout, layout.Manifests().Single(), "openvswitch", inputs);
        Assert.Empty(SbomDifference.Of(BomOf.Image(_image, Subject(Patch)), again.RootElement));
        inputs["tree.linked"] = "1.1 https://example.org/linked";
        using var other = AttestedSbom.MadeAgain(layout, layout.Manifests().Single(), "openvswitch", inputs);
        Assert.NotEmpty(SbomDifference.Of(BomOf.Image(_image, Subject(Patch)), other.RootElement));
        Assert.Empty(NativeSource.In("keystone", new Dictionary<string, string> { ["arg.PBR_VERSION"] = "27.0.0" }));
    }

    static NativeSource Source(string name, string remote, string version, bool isService, string? patch)
    {
        var tree = new SourceTree(new ResolvedRef(name, remote, $"v{version}", RefKind.Tag, new string('1', 40)),
            DateTimeOffset.FromUnixTimeSeconds(1_750_000_000), name, version);
        var bytes = System.Text.Encoding.UTF8.GetBytes(patch ?? "");
        return NativeSource.Of(new BuiltSource(new SealedTree(tree, patch is null ? []
            : [new AppliedPatch("0001-mend.patch", Digest.OfBytes(bytes), [], PatchHeader.Parse(patch))]), isService,
            new Dictionary<string, byte[]> { ["0001-mend.patch"] = bytes })
        { Kind = ImageKind.Native });
    }
}
