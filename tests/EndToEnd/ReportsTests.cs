using System.Text.Json.Nodes;
using OpenStack.Tests.Sbom;
using OpenStack.Tests.Updates;

namespace OpenStack.Tests.EndToEnd;

/// <summary>Answers without building: to people, and alone on standard output to programs.</summary>
public sealed class ReportsTests : IDisposable
{
    const string Keystone = "--service keystone --release 2025.1";

    readonly RepositoryCopy _repository = new();

    public void Dispose() => _repository.Dispose();

    /// <summary>Nothing is there but the repository, and nobody is asked.</summary>
    [Fact]
    public async Task AFreshCloneIsListed()
    {
        var images = await ListAsync("");
        Assert.Equal(_repository.Images, images.Count);
        var keystone = images.Single(x => $"{x["service"]} {x["release"]}" == "keystone 2025.1");
        Assert.Equal("python", $"{keystone["kind"]}");
        Assert.Equal("ghcr.io/c5c3/keystone", $"{keystone["repository"]}");
        Assert.Null(keystone["digest"]);
        Assert.Null(keystone["version"]);
        Assert.Contains("Run the target ResolveRefs", $"{keystone["notKnown"]!["version"]}", StringComparison.Ordinal);
        Assert.Null(keystone["notKnown"]!["digest"]);
        var told = (await _repository.RunAsync($"List {Keystone} --no-logo")).ShouldSucceed().Output;
        Assert.Contains("0 of 1 built", told, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_repository.Root / "artifacts"));
    }

    [Fact]
    public async Task WhatIsBuiltIsListedByWhatItIs()
    {
        using var upstream = new UpstreamReleases();
        upstream["keystone"].Commit("Begin", ("setup.cfg", "[metadata]\nname = keystone\n"),
            ("setup.py", "import setuptools\nsetuptools.setup(setup_requires=['pbr'], pbr=True)\n"));
        upstream["keystone"].Tag("27.0.9");
        _repository.Edit("releases/2025.1/source-refs.yaml", "keystone: \"27.0.2\"", "keystone: \"27.0.9\"");
        _repository.Commit();
        var mirror = $"--git-mirror {upstream.Directory}";
        (await _repository.RunAsync($"Patch {Keystone} {mirror} --no-logo")).ShouldSucceed();
        RepositoryCopy.Git(_repository.Root, "add", "--all");
        RepositoryCopy.Git(_repository.Root, "commit", "--quiet", "-m", "Record the tag");
        var keystone = (await ListAsync(Keystone)).Single();
        Assert.Equal("tag 27.0.9", $"{keystone["refKind"]} {keystone["version"]}");
        Assert.Contains("2025.1", keystone["tags"]!.AsArray().Select(x => $"{x}"));
        using var image = new SmallImage().Layer(("etc/os-release", ""));
        image.Write();
        Directory.Move(image.Directory / "image", _repository.Service / "image");
        Assert.StartsWith("sha256:", $"{(await ListAsync(Keystone)).Single()["digest"]}", StringComparison.Ordinal);
        // Another ref than the one that was resolved: nobody knows what it is.
        var other = (await ListAsync($"{Keystone} --ref keystone=main")).Single();
        Assert.Equal(["commit", "publishedDigest", "refKind", "tags", "version"],
            other["notKnown"]!.AsObject().Select(x => x.Key));
    }

    [Fact]
    public async Task GroupsAndPatternsAreSelected()
    {
        var images = await ListAsync("--service @core barb* --release *.2");
        Assert.Equal(["barbican", "cinder", "glance", "keystone", "neutron", "nova", "placement"],
            images.Select(x => $"{x["service"]}").Order(StringComparer.Ordinal));
        (await _repository.RunAsync("List --service @cor keystnoe* --release 2024* --no-logo")).ShouldFail(
            "there is no group '@cor'. Did you mean '@core'?", "no service matches 'keystnoe*'",
            "no release matches '2024*'");
    }

    [Theory]
    [InlineData("ResolveRefs " + Keystone + " --json",
        "no target of this run answers as a document; expected one of List, Graph")]
    [InlineData("List Graph " + Keystone + " --json", "would answer in one document")]
    [InlineData("Graph " + Keystone + " --json --format dot", "--json and --format are both given")]
    [InlineData("Graph " + Keystone + " --format pdf", "expected Text, Mermaid, Dot")]
    [InlineData("List --service python-base", "List works on the images of services")]
    [InlineData("Graph --service python-base", "Graph works on the images of services")]
    public async Task WhatIsNoAnswerIsToldSo(string arguments, string saying) =>
        (await _repository.RunAsync(arguments)).ShouldFail(saying);

    [Fact]
    public async Task TheGraphOfEverythingIsWholeInEachForm()
    {
        var nodes = JsonNode.Parse(await _repository.AnswerAsync("Graph --json"))!.AsArray();
        var ids = nodes.Select(x => $"{x!["id"]}").ToHashSet();
        Assert.Equal(_repository.Images, nodes.Count(x => $"{x!["kind"]}" == "image"));
        Assert.All(nodes.SelectMany(x => x!["madeOf"]!.AsArray()), x => Assert.Contains($"{x}", ids));
        Assert.StartsWith("digraph images {", await _repository.AnswerAsync("Graph --format dot"),
            StringComparison.Ordinal);
        Assert.StartsWith("flowchart LR", await _repository.AnswerAsync($"Graph {Keystone} --format mermaid"),
            StringComparison.Ordinal);
        Assert.Contains("keystone 2025.1  (image)", (await _repository.RunAsync($"Graph {Keystone} --no-logo"))
            .ShouldSucceed().Output, StringComparison.Ordinal);
    }

    async Task<IReadOnlyList<JsonNode>> ListAsync(string arguments) =>
        [.. JsonNode.Parse(await _repository.AnswerAsync($"List --json {arguments}"))!.AsArray().Select(x => x!)];
}
