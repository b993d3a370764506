using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Tests.Oci;

public sealed class PlatformIndexTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("index-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task TheOrderOfTheImagesDoesNotMatter()
    {
        var (amd64, arm) = (Image("linux/amd64"), Image("linux/arm/v7"));
        PlatformIndex.Write([amd64, arm], _directory / "one");
        PlatformIndex.Write([arm, amd64], _directory / "other");
        var layout = OciLayout.Open(_directory / "one");
        Assert.Equal(layout.Digest, OciLayout.Open(_directory / "other").Digest);
        Assert.Equal(["linux/amd64", "linux/arm/v7"], layout.Manifests().Select(x => x.Platform));
        layout.Verify();
        await Verify(File.ReadAllText(layout.Blob(layout.Digest)));
    }

    [Fact]
    public void WhatPlatformsShareIsNotWrittenIntoTheImagesThatItComesFrom()
    {
        var (amd64, arm64) = (Image("linux/amd64"), Image("linux/arm64"));
        var shared = amd64.Manifests()
            .Concat(arm64.Manifests())
            .Select(x => (x.Platform == "linux/amd64" ? amd64 : arm64).ReadManifest(x.Digest).Layers[1].Digest)
            .Distinct()
            .Single();
        foreach (var (layout, year) in (ReadOnlySpan<(OciLayout, int)>)[(amd64, 2001), (arm64, 2002)])
            File.SetLastWriteTimeUtc(layout.Blob(shared), new DateTime(year, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        PlatformIndex.Write([amd64, arm64], _directory / "joined");
        Assert.Equal([2001, 2002], new[] { amd64, arm64 }.Select(x => File.GetLastWriteTimeUtc(x.Blob(shared)).Year));
        OciLayout.Open(_directory / "joined").Verify();
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
            PlatformIndex.Write([Image("linux/amd64", "a"), Image("linux/amd64", "b")], _directory / "joined")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void AnIndexIsNotJoinedAgain()
    {
        PlatformIndex.Write([Image("linux/amd64"), Image("linux/arm64")], _directory / "joined");
        Assert.Contains("holds an index already", Assert.Throws<ProblemException>(() =>
            PlatformIndex.Write([OciLayout.Open(_directory / "joined")], _directory / "again")).Message,
            StringComparison.Ordinal);
    }

    OciLayout Image(string platform, string name = "image") =>
        PlatformImage.Write(_directory / $"{name}-{PlatformName.ForFiles(platform)}", platform, name);
}
