using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Tests.Oci;

namespace OpenStack.Tests.EndToEnd;

/// <summary>A registry of this machine stands in for Docker Hub, which nobody asks.</summary>
[Trait("Group", "Lab")]
public sealed class RegistryMirrorTests : IDisposable
{
    const string Name = "docker.io/library/debian:trixie";

    readonly RepositoryCopy _repository = new RepositoryCopy().WithLab();
    readonly TestRegistry _registry = new();

    public void Dispose()
    {
        _registry.Dispose();
        _repository.Dispose();
    }

    AbsolutePath Artifacts => _repository.Root / "artifacts";

    [Fact]
    public async Task WhatIsBuiltIsTheSameWhoeverHasItsBase()
    {
        var digest = await PushBaseAsync("hub/library/debian", "trixie");
        Assert.Equal(digest, await PushBaseAsync("official/debian", "trixie"));
        var built = await BuildAsync($"docker.io={_registry.Address}/hub");
        Assert.Equal(built, await BuildAsync(
            $"docker.io={_registry.Address}/nowhere docker.io/library={_registry.Address}/official"));
        var labels = OciLayout.Open(Directory.GetDirectories(Artifacts, "image", SearchOption.AllDirectories)
            .First(x => ((AbsolutePath)x).Parent!.Name == BaseImages.PythonBase)).ReadConfig().Labels;
        Assert.Equal((Name, digest), (labels[ImageLabels.Prefix + "base.name"],
            labels[ImageLabels.Prefix + "base.digest"]));
        // What is remembered, what counts as input and what is in the images; not what was told to BuildKit.
        foreach (var file in Directory.EnumerateFiles(Artifacts, "*.json", SearchOption.AllDirectories)
            .Where(x => Path.GetFileName(x) is not "bake.json"))
            Assert.DoesNotContain($"{_registry.Address}", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Contains($"\"base.name\": \"{Name}\"", File.ReadAllText(Directory.EnumerateFiles(Artifacts,
            "inputs.json", SearchOption.AllDirectories)
            .First(x => ((AbsolutePath)x).Parent!.Name == BaseImages.PythonBase)), StringComparison.Ordinal);
        _repository.Forget();
        (await _repository.RunAsync(BuildBase($"docker.io={_registry.Address}/nowhere"))).ShouldFail(
            $"The image {_registry.Address}/nowhere/library/debian:trixie (in place of {Name}, by --registry-mirrors) "
            + "cannot be looked up");
        (await _repository.RunAsync(BuildBase("docker.io ghcr.io=https://mirror.example.org"))).ShouldFail(
            "--registry-mirrors has the value 'docker.io'", "Leave out 'https://'");
    }

    [Fact]
    public async Task WhatDockerfilesBeginWithIsLookedUpThere()
    {
        var digest = await PushBaseAsync("hub/library/ubuntu", "noble");
        const string outdated = "Outdated --only images --service keystone --no-logo --git-hub-base /nonexistent "
            + "--registry-mirrors docker.io=";
        await _repository.RunAsync($"{outdated}{_registry.Address}/hub");
        var findings = JsonNode.Parse(File.ReadAllText(Artifacts / "outdated.json"))!["findings"]!.AsArray();
        Assert.Contains(findings, x => (string?)x!["name"] == "ubuntu"
            && $"{x["detail"]}".Contains(digest, StringComparison.Ordinal));
        (await _repository.RunAsync($"{outdated}{_registry.Address}/nowhere")).ShouldFail(
            $"{_registry.Address}/nowhere/library/ubuntu:noble (in place of docker.io/library/ubuntu:noble, by "
            + "--registry-mirrors) is not there");
    }

    /// <returns>What both base images and the records of what they were made of come to.</returns>
    async Task<string> BuildAsync(string mirrors)
    {
        _repository.Forget();
        (await _repository.RunAsync(BuildBase(mirrors))).ShouldSucceed();
        return string.Concat(Directory.EnumerateFiles(Artifacts, "*.json", SearchOption.AllDirectories)
            .Where(x => Path.GetFileName(x) is "inputs.json" or "index.json" or "external-images.json")
            .Order(StringComparer.Ordinal)
            .Select(x => $"{x}\n{File.ReadAllText(x)}\n"));
    }

    static string BuildBase(string mirrors) =>
        $"BuildBase --profile lab --base-image debian:trixie --no-logo --registry-mirrors {mirrors}";

    Task<string> PushBaseAsync(string repository, string tag) => PushBaseAsync(_registry, repository, tag);

    /// <summary>The laboratory's base image, as a registry would have it.</summary>
    internal static async Task<string> PushBaseAsync(TestRegistry registry, string repository, string tag)
    {
        var layout = ImageReference.OfDirectory(RepositoryRoot.Path / ".nuke" / "temp" / "lab" / "base-image",
            PlatformName.Native).Layout!;
        using var client = registry.Open();
        var manifest = layout.ReadManifest();
        foreach (var blob in manifest.Layers.Append(manifest.Config))
            await client.PushBlobAsync(repository, blob, () => File.OpenRead(layout.Blob(blob.Digest)));
        await client.PutManifestAsync(repository, tag, OciMediaTypes.Manifest,
            await File.ReadAllBytesAsync(layout.Blob(layout.Digest)));
        return layout.Digest;
    }
}
