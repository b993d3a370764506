using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Lab;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Images;

/// <summary>What a Dockerfile may ask a hermetic build for, with the engine of the laboratory.</summary>
[Trait("Group", "Lab")]
public sealed class SourcePolicyTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("FROM docker.io/library/alpine:3.19", "docker-image://docker.io/library/alpine:3.19")]
    [InlineData("FROM scratch\nCOPY --from=registry.example/a/b / /", "docker-image://registry.example/a/b:latest")]
    [InlineData("FROM scratch\nADD https://files.example/x.tar.gz /", "https://files.example/x.tar.gz")]
    [InlineData("FROM scratch\nADD http://files.example/x /", "http://files.example/x")]
    [InlineData("FROM scratch\nADD https://git.example/x.git#main /", "git://git.example/x.git#main")]
    [InlineData("# syntax=docker/dockerfile:1\nFROM scratch\nCOPY f /", "docker-image://docker.io/docker/dockerfile:1")]
    public async Task WhatNoLockNamesIsRefusedBeforeItIsLookedFor(string dockerfile, string source)
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(() => BuildAsync(dockerfile, isClosed: true));
        Assert.Contains($"a Dockerfile asks for {source}, which no lock names", problem.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatItIsHandedItTakes()
    {
        await BuildAsync("FROM scratch\nCOPY f /\nCOPY --from=named f /g", isClosed: true);
        Assert.Equal("x", await File.ReadAllTextAsync(_directory / "out" / "g"));
    }

    [Fact]
    public async Task OtherBuildsAskWhoeverTheyLike()
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            BuildAsync("FROM scratch\nADD http://127.0.0.1:1/x /", isClosed: false));
        Assert.DoesNotContain("which no lock names", problem.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1", problem.Message, StringComparison.Ordinal);
    }

    Task BuildAsync(string dockerfile, bool isClosed)
    {
        Directory.CreateDirectory(_directory / "context");
        File.WriteAllText(_directory / "context" / "Dockerfile", dockerfile + "\n");
        File.WriteAllText(_directory / "context" / "f", "x");
        var docker = new LabLayout(RepositoryRoot.Path / ".nuke" / "temp" / "lab").DockerWrapper;
        return new Buildx(docker, new Watch()) { IsClosed = isClosed }.BakeAsync(new Dictionary<string, BakeTarget>
        {
            ["one"] = new()
            {
                Context = _directory / "context",
                Contexts = new Dictionary<string, string> { ["named"] = _directory / "context" },
                Args = new Dictionary<string, string>(),
                Output = [BakeFile.DirectoryOutput(_directory / "out")],
            },
        }, _directory / "bake.json", _directory / "build.log", noCache: false);
    }
}
