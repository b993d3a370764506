using System.Text;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Tests.Oci;

public sealed class PlatformIndexTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("index-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task TheOrderOfTheImagesDoesNotMatter()
    {
        var (amd64, arm64) = (Image("linux/amd64"), Image("linux/arm64/v8"));
        PlatformIndex.Write([amd64, arm64], _directory / "one");
        PlatformIndex.Write([arm64, amd64], _directory / "other");
        var layout = OciLayout.Open(_directory / "one");
        Assert.Equal(layout.Digest, OciLayout.Open(_directory / "other").Digest);
        Assert.Equal(["linux/amd64", "linux/arm64/v8"], layout.Manifests().Select(x => x.Platform));
        layout.Verify();
        await Verify(File.ReadAllText(layout.Blob(layout.Digest)));
    }

    [Fact]
    public void AMissingBlobIsFoundBeforeAnythingIsPublished()
    {
        PlatformIndex.Write([Image("linux/amd64"), Image("linux/arm64")], _directory / "joined");
        var layout = OciLayout.Open(_directory / "joined");
        File.Delete(layout.Blob(layout.ReadManifest(layout.Manifests()[1].Digest).Layers[0].Digest));
        Assert.Throws<ProblemException>(layout.Verify);
    }

    [Fact]
    public void OnePlatformTwiceIsAnError() =>
        Assert.Contains("Several images are of linux/amd64", Assert.Throws<ProblemException>(() =>
            PlatformIndex.Write([Image("linux/amd64", "a"), Image("linux/amd64", "b")], _directory / "joined")).Message, StringComparison.Ordinal);

    [Fact]
    public void AnIndexIsNotJoinedAgain()
    {
        PlatformIndex.Write([Image("linux/amd64"), Image("linux/arm64")], _directory / "joined");
        Assert.Contains("holds an index already", Assert.Throws<ProblemException>(() =>
            PlatformIndex.Write([OciLayout.Open(_directory / "joined")], _directory / "again")).Message, StringComparison.Ordinal);
    }

    OciLayout Image(string platform, string name = "image")
    {
        var layout = _directory / $"{name}-{platform.Replace('/', '-')}";
        Directory.CreateDirectory(layout / "blobs" / "sha256");
        var parts = platform.Split('/');
        var config = new JsonObject { ["architecture"] = parts[1], ["os"] = parts[0], ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = new JsonArray() } };
        if (parts.Length > 2) config["variant"] = parts[2];
        var manifest = ReproducibleImage.WriteJson(layout, new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = OciMediaTypes.Manifest,
            ["config"] = ReproducibleImage.WriteJson(layout, config, OciMediaTypes.Config),
            ["layers"] = new JsonArray(Layer(layout, $"{name} for {platform}"), Layer(layout, "what all platforms share")),
            ["annotations"] = new JsonObject { ["org.opencontainers.image.version"] = "27.0.0", ["org.opencontainers.image.base.digest"] = Digest.OfText(platform) },
        }, OciMediaTypes.Manifest);
        ReproducibleImage.WriteLayout(layout, manifest);
        return OciLayout.Open(layout);
    }

    static JsonObject Layer(AbsolutePath layout, string content)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        File.WriteAllBytes(ReproducibleImage.BlobIn(layout, Digest.OfBytes(bytes)), bytes);
        return ReproducibleImage.Descriptor(OciMediaTypes.Layer, Digest.OfBytes(bytes), bytes.Length);
    }
}
