using System.Text.Json.Nodes;
using Nuke.Common.IO;
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

    /// <summary>As far as that is known without asking, building or changing anything.</summary>
    [Fact]
    public async Task ABuildIsExplainedByTheRecordsOfItsStages()
    {
        var explain = $"Explain {Keystone} --git-mirror";
        await PatchAsync("keystone: \"27.0.9\"", async mirror =>
        {
            var before = Everything();
            var steps = await ExplainAsync($"{explain} {mirror}");
            Assert.Equal(["ResolveRefs reused", "Checkout reused", "Patch reused", "Constrain built",
                "BuildBase built", "BuildBase built", "BuildWheels built", "BuildService built"],
                steps.Select(x => $"{x["target"]} {x["state"]}"));
            Assert.NotNull(steps[2]["seconds"]);
            Assert.Equal("it is not there yet", $"{steps[^1]["because"]![0]}");
            _repository.Write("patches/keystone/2025.1/0001-x.patch", "");
            steps = await ExplainAsync($"{explain} {mirror}");
            Assert.StartsWith("patches/keystone/2025.1/0001-x.patch is new: sha256:", $"{steps[2]["because"]![0]}",
                StringComparison.Ordinal);
            steps = await ExplainAsync($"{explain} {mirror} --ref keystone=27.0.8");
            Assert.Equal("ref: 27.0.9 → 27.0.8", $"{steps[0]["because"]![0]}");
            Assert.Equal("ResolveRefs of keystone 2025.1", $"{steps[1]["because"]![0]}");
            File.Delete(_repository.Root / "patches/keystone/2025.1/0001-x.patch");
            Assert.Equal(before, Everything());
        });
        (await _repository.RunAsync($"Explain {Keystone} --no-logo")).ShouldSucceed();
    }

    [Fact]
    public async Task WhereABranchIsNowIsNotKnown() => await PatchAsync("keystone: \"master\"", async mirror =>
    {
        var steps = await ExplainAsync($"Explain {Keystone} --git-mirror {mirror}");
        Assert.Equal("notKnown", $"{steps[0]["state"]}");
        Assert.Equal("master may lead elsewhere by now, and nobody is asked", $"{steps[0]["because"]![0]}");
        Assert.Equal("reused", $"{steps[2]["state"]}");
        Assert.Equal("unless ResolveRefs of keystone 2025.1 finds something else", $"{steps[2]["because"]![0]}");
    });

    /// <summary>Patches a Keystone that is as small as one can be.</summary>
    async Task PatchAsync(string reference, Func<AbsolutePath, Task> then)
    {
        using var upstream = new UpstreamReleases();
        upstream["keystone"].Commit("Begin", ("setup.cfg", "[metadata]\nname = keystone\n"),
            ("setup.py", "import setuptools\nsetuptools.setup(setup_requires=['pbr'], pbr=True)\n"));
        upstream["keystone"].Tag("27.0.9");
        _repository.Edit("releases/2025.1/source-refs.yaml", "keystone: \"27.0.2\"", reference);
        _repository.Commit();
        (await _repository.RunAsync($"Patch {Keystone} --git-mirror {upstream.Directory} --no-logo")).ShouldSucceed();
        await then(upstream.Directory);
    }

    /// <summary>All that a build leaves behind, and what it is made of.</summary>
    IReadOnlyList<string> Everything() =>
    [
        .. ((string[])["artifacts", "releases", "images", "patches"])
            .Where(x => Directory.Exists(_repository.Root / x))
            .SelectMany(x => Directory.EnumerateFiles(_repository.Root / x, "*", SearchOption.AllDirectories))
            .Select(x => $"{x} {File.GetLastWriteTimeUtc(x):O}").Order(StringComparer.Ordinal),
    ];

    async Task<IReadOnlyList<JsonNode>> ExplainAsync(string command) =>
        [.. JsonNode.Parse(await _repository.AnswerAsync($"{command} --json"))!.AsArray().Select(x => x!)];

    [Fact]
    public Task WhatIsBuiltIsListedByWhatItIs() => PatchAsync("keystone: \"27.0.9\"", async _ =>
    {
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
    });

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
        "no target of this run answers as a document; expected one of List, Graph, Explain with --json")]
    [InlineData("List Graph " + Keystone + " --json", "would answer in one document")]
    [InlineData("Graph " + Keystone + " --json --format dot", "--json and --format are both given")]
    [InlineData("Graph " + Keystone + " --format pdf", "expected Text, Mermaid, Dot")]
    [InlineData("List --service python-base", "List works on the images of services")]
    [InlineData("Explain --service python-base", "Explain works on the images of services")]
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
