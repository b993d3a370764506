using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Storage;
using OpenStack.Tests.Oci;

namespace OpenStack.Tests.Images;

public sealed class JoinedImageTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task OnePlatformIsTheImageItself()
    {
        var part = Part("linux/amd64", "a");
        Assert.True(await JoinAsync("linux/amd64"));
        Assert.Equal(part.Digest, Image.Digest);
        Assert.Equal(File.ReadAllText(PartOf("linux/amd64") / "inputs.json"),
            File.ReadAllText(_directory / "joined" / "inputs.json"));
        Image.Verify();
        Assert.False(await JoinAsync("linux/amd64"));
    }

    [Fact]
    public async Task SeveralAreAnIndexOfThem()
    {
        var (amd64, arm64) = (Part("linux/amd64", "a"), Part("linux/arm64", "b"));
        Assert.True(await JoinAsync("linux/arm64", "linux/amd64"));
        Assert.Equal([amd64.Digest, arm64.Digest], Image.Manifests().Select(x => x.Digest));
        Image.Verify();
        Assert.Equal(new Dictionary<string, string>
        {
            ["same"] = "x",
            ["platform (linux/amd64)"] = "linux/amd64",
            ["platform (linux/arm64)"] = "linux/arm64",
        }, StageInputs.Read(_directory / "joined" / "inputs.json").Values);
        Assert.False(await JoinAsync("linux/amd64", "linux/arm64"));

        // Of fewer platforms it is another image.
        Assert.True(await JoinAsync("linux/amd64"));
        Assert.Equal(amd64.Digest, Image.Digest);
    }

    [Fact]
    public async Task AnotherImageOfTheSameInputsIsJoinedAgain()
    {
        Part("linux/amd64", "a");
        await JoinAsync("linux/amd64");
        var other = Part("linux/amd64", "b");
        Assert.True(await JoinAsync("linux/amd64"));
        Assert.Equal(other.Digest, Image.Digest);
    }

    [Fact]
    public async Task WhatIsMissingOrOfAnotherPlatformIsTold()
    {
        Part("linux/amd64", "a");
        var missing =
            await Assert.ThrowsAsync<ProblemException>(() => JoinAsync("linux/amd64", "linux/arm64", "linux/s390x"));
        Assert.Equal(2, missing.Problems.Count);
        Assert.Contains("Build it for linux/arm64 first", missing.Message, StringComparison.Ordinal);

        Directory.Move(PartOf("linux/amd64"), PartOf("linux/arm64"));
        Assert.Contains("is an image of linux/amd64; expected linux/arm64",
            (await Assert.ThrowsAsync<ProblemException>(() => JoinAsync("linux/arm64"))).Message,
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_directory / "joined"));
    }

    OciLayout Image => OciLayout.Open(_directory / "joined" / "image");

    AbsolutePath PartOf(string platform) => _directory / PlatformName.ForFiles(platform);

    Task<bool> JoinAsync(params IReadOnlyList<string> platforms) =>
        JoinedImage.MakeAsync(_directory / "joined", platforms.ToDictionary(x => x, PartOf));

    OciLayout Part(string platform, string content)
    {
        if (Directory.Exists(PartOf(platform))) Directory.Delete(PartOf(platform), recursive: true);
        var layout = PlatformImage.Write(PartOf(platform) / "image", platform, content);
        File.WriteAllText(PartOf(platform) / "inputs.json",
            new StageInputs().Add("platform", platform).Add("same", "x").ToJson());
        return layout;
    }
}
