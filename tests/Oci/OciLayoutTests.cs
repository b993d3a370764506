using System.Text.Json.Nodes;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;
using OpenStack.Tests.Sources;
using static OpenStack.Tests.Oci.ForeignLayout;

namespace OpenStack.Tests.Oci;

/// <summary>Which manifests of a layout are its image (OCI image specification 1.1, image-layout.md and
/// image-index.md).</summary>
public sealed class OciLayoutTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly ForeignLayout _layout;
    readonly JsonObject _amd64;
    readonly JsonObject _arm64;

    public OciLayoutTests()
    {
        _layout = new ForeignLayout(_directory / "image");
        (_amd64, _arm64) = (_layout.Image("amd64"), _layout.Image("arm64"));
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void OneImageUnderTwoNamesIsOne()
    {
        var layout = _layout.Open(Named(_amd64, "1.0"), Named(_amd64, "latest"));
        Assert.Equal((DigestOf(_amd64), "1.0"), (layout.Digest, layout.Name));
        Assert.Equal(["linux/amd64"], Platforms(layout));
        layout.Verify();
    }

    [Fact]
    public void PlatformsMayBeListedInIndexJsonItself()
    {
        var layout = _layout.Open(With(_amd64, "linux/amd64"), With(_arm64, "linux/arm64"));
        Assert.Equal(["linux/amd64", "linux/arm64"], Platforms(layout));
        Assert.Equal(Digest.OfFile(layout.Directory / "index.json"), layout.Digest);
        Assert.Equal(DigestOf(_arm64), layout.Of("linux/arm64").Digest);
        layout.Verify();
        Assert.Equal("linux/arm64", layout.Of("linux/arm64").ReadConfig().Platform);
    }

    [Fact]
    public void AnIndexMayBeInAnIndexAndWhatIsInItBesideIt()
    {
        var index = _layout.Index(With(_amd64, "linux/amd64"), With(_arm64, "linux/arm64"));
        Assert.Equal(["linux/amd64", "linux/arm64"], Platforms(_layout.Open(_layout.Index(index))));
        var layout = _layout.Open(With(_amd64, "linux/amd64"), Named(index, "1.0"), With(_arm64, "linux/arm64"));
        Assert.Equal((DigestOf(index), "1.0"), (layout.Digest, layout.Name));
    }

    [Fact]
    public void AttestationsOfBuildKitAreNoPlatforms()
    {
        var index =
            _layout.Index(With(_amd64, "linux/amd64"), With(_arm64, "linux/arm64"), _layout.Attestation(_amd64),
            _layout.Attestation(_arm64));
        Assert.Equal(["linux/amd64", "linux/arm64"], Platforms(_layout.Open(index)));
        Assert.Equal(["linux/amd64"], Platforms(_layout.Open(_layout.Index(_amd64, _layout.Attestation(_amd64)))));
        // Beside it in index.json, and without the annotation.
        Assert.Equal(DigestOf(_amd64), _layout.Open(_layout.Attestation(_amd64), Named(_amd64, "1.0")).Digest);
        var plain = _layout.Attestation(_amd64);
        plain.Remove("annotations");
        Assert.Equal(DigestOf(_amd64), _layout.Open(plain, _amd64).Digest);
    }

    /// <summary>Whether its descriptor says so, or its manifest alone.</summary>
    [Theory]
    [InlineData("artifactType in the descriptor")]
    [InlineData("artifactType in the manifest")]
    [InlineData("a chart")]
    [InlineData("a signature of cosign 2")]
    [InlineData("an artifact manifest")]
    [InlineData("a type that nobody knows, by sha512")]
    public void AnArtifactBesideAnImageIsNone(string what)
    {
        var config =
            _layout.Blob(OciMediaTypes.Config,
            """{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":[]}}""");
        var text = _layout.Blob("text/plain", "x");
        var artifact = what switch
        {
            "artifactType in the descriptor" => _layout.Manifest(config, text),
            "artifactType in the manifest" =>
                _layout.Manifest(config, _layout.Blob(OciMediaTypes.Layer, "x"),
                new JsonObject { ["artifactType"] = "application/spdx+json" }),
            "a chart" => _layout.Manifest(_layout.Blob("application/vnd.cncf.helm.config.v1+json", "{}"), text),
            "a signature of cosign 2" =>
                _layout.Manifest(config, _layout.Blob("application/vnd.dev.cosign.simplesigning.v1+json", "{}")),
            "an artifact manifest" =>
                _layout.Blob(OciMediaTypes.ArtifactManifest,
                """{"mediaType":"application/vnd.oci.artifact.manifest.v1+json","blobs":[]}"""),
            _ => new JsonObject
            {
                ["mediaType"] = "application/x",
                ["digest"] = "sha512:" + new string('0', 128),
                ["size"] = 1
            },
        };
        if (what == "artifactType in the descriptor") artifact["artifactType"] = "application/spdx+json";
        // skopeo gives everything the platform of its machine.
        var layout = _layout.Open(With(artifact, "linux/amd64"), Named(_amd64, "1.0"));
        Assert.Equal(DigestOf(_amd64), layout.Digest);
        Assert.Equal(["linux/amd64"], Platforms(layout));
    }

    [Fact]
    public void ThePlatformIsThatOfTheConfiguration() =>
        Assert.Equal(["linux/arm64"], Platforms(_layout.Open(With(_arm64, "linux/amd64"))));

    [Fact]
    public void SeveralImagesAreToldByTheirNames()
    {
        var other = _layout.Image("amd64", "other");
        var problem =
            Assert.Throws<ProblemException>(() =>
            _layout.Open(Named(_amd64, "1.0"), Named(other, "2.0"), Named(_arm64, "arm")));
        Assert.Contains("lists 3 images: 1.0 (linux/amd64), 2.0 (linux/amd64), arm (linux/arm64); expected one image",
            problem.Message, StringComparison.Ordinal);
        Assert.Contains("skopeo copy oci:", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatHoldsNoImageIsToldByWhatItIs()
    {
        var chart =
            _layout.Manifest(_layout.Blob("application/vnd.cncf.helm.config.v1+json", "{}"),
            _layout.Blob("text/plain", "x"));
        foreach (
            var open in (Action[])
            [
                () => _layout.Open(chart).Manifests(),
                () => _layout.Open(chart).ReadManifest(),
                () => _layout.Open(chart).Of("linux/amd64"),
            ])
            Assert.Contains("an artifact with a configuration of type application/vnd.cncf.helm.config.v1+json",
                Assert.Throws<ProblemException>(open).Message, StringComparison.Ordinal);
        Assert.Contains("lists no image, but ",
            Assert.Throws<ProblemException>(() => _layout.Open(_layout.Attestation(_amd64))).Message,
            StringComparison.Ordinal);
        Assert.Contains("lists no image; expected one image", Assert.Throws<ProblemException>(() => _layout.Open())
            .Message, StringComparison.Ordinal);
        Assert.Contains("holds no image",
            Assert.Throws<ProblemException>(() => _layout.Open(_layout.Index()).Manifests()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html></html>", "it is an HTML page, and not JSON")]
    [InlineData("<?xml version=\"1.0\"?>", "it is XML or HTML, and not JSON")]
    [InlineData("", "it is empty, and not JSON")]
    [InlineData("\u001f\u008b", "it is no JSON (line 1")]
    [InlineData("{\n oops", "it is no JSON (line 2, byte 2)")]
    [InlineData("[]", "manifests is missing")]
    [InlineData(
        """{"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha512:00","size":1}]}""",
        "it has a digest of sha512 ('sha512:00'), and sha256 is all that is read here")]
    [InlineData("""{"manifests":[{"digest":"sha256:00","size":1}]}""", "'sha256:00' is no sha256 digest")]
    public void WhatIsNoIndexIsToldByWhatItIs(string text, string expected)
    {
        File.WriteAllText(_directory / "image" / "index.json", text);
        Assert.Contains(expected, Assert.Throws<ProblemException>(() => OciLayout.Open(_directory / "image")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void ADamagedBlobIsToldByItsDigest(int which)
    {
        var layout = _layout.Open(_amd64);
        var manifest = layout.ReadManifest();
        var digest = ((string[])[layout.Digest, manifest.Config.Digest, manifest.Layers[0].Digest])[which];
        File.WriteAllText(layout.Blob(digest), "<html>");
        Assert.Contains($"should be {digest} and is sha256:", Assert.Throws<ProblemException>(layout.Verify).Message,
            StringComparison.Ordinal);
        File.Delete(layout.Blob(digest));
        var problem = Assert.Throws<ProblemException>(layout.Verify);
        Assert.Contains($"lacks the blob {digest}. Copy the image again from where it came from", problem.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("--no-cache", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void BuildKitIsGivenATagAndTheDigestWhichDecides()
    {
        Assert.Equal($"oci-layout://{_directory / "image"}:latest@{DigestOf(_amd64)}",
            _layout.Open(Named(_amd64, "1.0")).Context);
        var odd = new ForeignLayout($"{_directory.Path}/a:b");
        Assert.Contains("behind a colon", Assert.Throws<ProblemException>(() => odd.Open(odd.Image("amd64")).Context)
            .Message, StringComparison.Ordinal);
    }

    static string DigestOf(JsonObject descriptor) => descriptor["digest"]!.GetValue<string>();

    static IEnumerable<string?> Platforms(OciLayout layout) => layout.Manifests().Select(x => x.Platform);
}
