using System.Text.Json.Nodes;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Tests.Oci;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.EndToEnd;

/// <summary>Stale as a command, with a registry that holds what was published and what upstream publishes.</summary>
[Trait("Group", "Lab")]
public sealed class StaleTests : IDisposable
{
    readonly RepositoryCopy _repository = new();
    readonly TestRegistry _registry = new();

    public void Dispose()
    {
        _repository.Dispose();
        _registry.Dispose();
    }

    [Fact]
    public async Task WhatHasMovedIsListedForPeopleAndPrograms()
    {
        var upstream = new Upstream(_repository.Root / "upstream" / "keystone");
        var old = upstream.Commit();
        upstream.Tag("27.0.2");
        upstream.Git("branch", "stable/2025.2");
        _repository.Edit("releases/2025.2/source-refs.yaml", "keystone: \"28.0.2\"", "keystone: \"stable/2025.2\"");
        (await _repository.RunAsync("ResolveRefs --service keystone --release 2025.1 "
            + "--git-mirror ./upstream --no-logo")).ShouldSucceed();

        var distribution = $"{_registry.Address}/library/debian:trixie";
        var debian = await PublishAsync("library/debian", 1, "trixie", _ => new Dictionary<string, string>());
        var pythonBase = await PublishAsync("c5c3/python-base", 2, "latest",
            _ => ImageLabels.Of("python-base", DateTimeOffset.UnixEpoch, distribution, debian.Digest));
        IReadOnlyDictionary<string, string> OfKeystone(string platform) =>
            ImageLabels.Of("keystone", DateTimeOffset.UnixEpoch, "ghcr.io/c5c3/python-base",
                pythonBase.Manifests().Single(x => x.Platform == platform).Digest, "27.0.2", old);
        await PublishAsync("c5c3/keystone", 3, "2025.1", OfKeystone);
        await PublishAsync("c5c3/keystone", 4, "2025.2", OfKeystone);

        var stale = $"Stale --service keystone --release 2025.1 2025.2 --push-to {_registry.Address}/c5c3 "
            + "--git-mirror ./upstream --no-logo";
        Assert.Contains("3 up to date",
            (await _repository.RunAsync($"{stale} --fail-when stale unknown")).ShouldSucceed().Output,
            StringComparison.Ordinal);
        Assert.Empty(Listed());

        // A branch goes on; a tag stays where it was recorded.
        var now = upstream.Commit();
        upstream.Git("branch", "--force", "stable/2025.2");
        (await _repository.RunAsync(stale)).ShouldSucceed();
        Assert.Equal([$"keystone 2025.2: ref stable/2025.2 is at {now[..12]}, the image has {old[..12]} (27.0.2)"],
            Listed());

        await PublishAsync("library/debian", 5, "trixie", _ => new Dictionary<string, string>());
        (await _repository.RunAsync($"{stale} --fail-when stale")).ShouldFail(
            $"python-base: {distribution} moved: {debian.Digest[..19]} →", "keystone 2025.1: python-base is stale");
        Assert.Equal(2, Listed().Length);
        Assert.StartsWith("### Stale\n\n3 stale\n",
            await File.ReadAllTextAsync(_repository.Root / "artifacts" / "stale.md"), StringComparison.Ordinal);
        (await _repository.RunAsync($"{stale} --fail-when none stale"))
            .ShouldFail("--fail-when has 'none' and other values");
    }

    async Task<OciLayout> PublishAsync(string repository, int seed, string tag,
        Func<string, IReadOnlyDictionary<string, string>> labels)
    {
        var image = TestImage.Make(_repository.Root / "made" / $"{seed}", repository, [(10 * seed, 100)],
            [new PublishedTag(tag, true)], labels, "linux/amd64", "linux/arm64");
        using var client = _registry.Open();
        await new Publication(client).RunAsync([image]);
        return image.Layout;
    }

    string[] Listed() => [.. JsonNode.Parse(File.ReadAllText(_repository.Root / "artifacts" / "stale.json"))!.AsArray()
        .Select(x => $"{x!["service"]} {x["release"]}: {string.Join("; ", x["because"]!.AsArray())}")];
}
