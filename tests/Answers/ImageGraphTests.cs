using System.Text.Json.Nodes;
using OpenStack.Answers;
using OpenStack.Tests.Catalog;

namespace OpenStack.Tests.Answers;

/// <summary>A Python service with a library, a plugin and a patch, and one that is none.</summary>
public sealed class ImageGraphTests : IDisposable
{
    readonly TestRepository _repository = new TestRepository()
        .Write("releases/2025.1/source-refs.yaml", "keystone: 27.0.2\nnova: 31.3.1\noslo.config: 9.7.1\n"
            + "keystone-plugin: 1.0.0\novs: v3.5\n")
        .Write("releases/2025.1/extra-packages.yaml",
            "keystone:\n  plugins: [keystone-plugin]\nnova:\n  plugins: [ovs]\n")
        .Write("overrides/2025.1/constraints.txt", "pbr===7.0.1\n")
        .Write("images/nova/image.yaml", "kind: native\n")
        .Write("images/nova/Dockerfile", "FROM builder\nCOPY --from=docker.io/golang:1 /x /x\nFROM component\n")
        .Write("images/python-base/Dockerfile", "FROM ubuntu:noble AS \"a\"\nFROM ubuntu:noble\n")
        .Write("images/venv-builder/Dockerfile", "FROM python-base\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /uv\n")
        .Write("patches/oslo.config/2025.1/0001-a \"quoted\" one.patch", "");

    public void Dispose() => _repository.Dispose();

    [Fact]
    public Task ATerminalShowsATree() => Verify(GraphText.Of(Graph(), GraphFormat.Text));

    [Fact]
    public Task MermaidDrawsIt() => Verify(GraphText.Of(Graph(), GraphFormat.Mermaid));

    [Fact]
    public Task GraphvizDrawsIt() => Verify(GraphText.Of(Graph(), GraphFormat.Dot));

    [Fact]
    public Task ProgramsReadAllOfIt() => Verify(GraphText.JsonOf(Graph("nova")));

    /// <summary>Whoever reads from the first to the last never meets what was not told before.</summary>
    [Fact]
    public void PartsComeBeforeWhatIsMadeOfThem()
    {
        var told = new HashSet<string>();
        foreach (var node in JsonNode.Parse(GraphText.JsonOf(Graph()))!.AsArray())
        {
            Assert.All(node!["madeOf"]!.AsArray(), x => Assert.Contains($"{x}", told));
            Assert.True(told.Add($"{node["id"]}"));
        }
    }

    [Fact]
    public void WhatStandsInForABaseIsWhatImagesAreMadeOf()
    {
        var catalog = _repository.Load();
        var graph = ImageGraph.Of(catalog, catalog.Select(["nova"], ["all"]),
            x => x == "python-base" ? "./layout" : null);
        Assert.Contains(graph.Nodes, x => x.Id == "./layout");
        Assert.DoesNotContain(graph.Nodes, x => x.Id == "ubuntu:noble");
    }

    ImageGraph Graph(string services = "all")
    {
        var catalog = _repository.Load();
        return ImageGraph.Of(catalog, catalog.Select([services], ["all"]), _ => null);
    }
}
