using System.Text.Json.Nodes;
using Nuke.Common.IO;

namespace OpenStack.Tests.EndToEnd;

/// <summary>One of several images fails, before an engine takes part.</summary>
public sealed class KeepGoingTests : IDisposable
{
    const string Constrain = "Constrain --service keystone glance placement --release 2025.1 2025.2 "
        + "--ref keystone=1.0.0 placement=1.0.0 --git-mirror ./upstream --no-logo";

    readonly RepositoryCopy _repository = new();

    public KeepGoingTests()
    {
        foreach (var component in (string[])["keystone", "glance", "placement"])
        {
            var tree = _repository.Root / "upstream" / component;
            Directory.CreateDirectory(tree / component);
            RepositoryCopy.Git(tree, "init", "--quiet");
            File.WriteAllText(tree / "setup.cfg", $"[metadata]\nname = {component}\n");
            File.WriteAllText(tree / component / "__init__.py", "one = 1\ntwo = 2\nthree = 3\n");
            RepositoryCopy.Git(tree, "add", "--all");
            RepositoryCopy.Git(tree, "commit", "--quiet", "-m", "As it is");
            RepositoryCopy.Git(tree, "tag", "1.0.0");
        }

        // Of one release the tag is not there, and of the other it is.
        RepositoryCopy.Git(_repository.Root / "upstream" / "glance", "tag", "31.1.0");
    }

    AbsolutePath Outcome => _repository.Root / "artifacts" / "run.json";

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task WhatDoesNotDependOnWhatFailedComesToItsEnd()
    {
        _repository.Write("patches/keystone/2025.2/0001-fix.patch", "--- a/keystone/__init__.py\n"
            + "+++ b/keystone/__init__.py\n@@ -1,3 +1,3 @@\n one = 1\n-no such = 2\n+two = 3\n three = 3\n");
        var run = await _repository.RunAsync($"{Constrain} --keep-going");
        run.ShouldFail(
            "glance 2025.1 failed: releases/2025.1/source-refs.yaml:8:9: glance: there is no branch or tag '30.2.0'",
            "keystone 2025.2 failed: patches/keystone/2025.2/0001-fix.patch:3: 2025.2 keystone: hunk 1 does not apply",
            "Build failed: 2 of 6 images failed, 0 skipped");
        Assert.DoesNotContain("Build succeeded", run.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["glance 2025.2", "keystone 2025.1", "placement 2025.1", "placement 2025.2"],
            Directory.GetFiles(_repository.Root / "artifacts", "constraints.txt", SearchOption.AllDirectories)
                .Select(x => x.Split('/')[^4..^2]).Select(x => $"{x[1]} {x[0]}").Order());
        Assert.Equal(
            ["done glance 2025.2", "done keystone 2025.1", "done placement 2025.1", "done placement 2025.2",
                "failed glance 2025.1 ResolveRefs", "failed keystone 2025.2 Patch"], States().Order());
        var problem = Components().Single(x => $"{x!["target"]}" == "ResolveRefs")!["problems"]![0]!;
        Assert.Equal("releases/2025.1/source-refs.yaml:8", $"{problem["file"]}:{problem["line"]}");
    }

    /// <summary>A library that the release builds from source is part of its images.</summary>
    [Fact]
    public async Task WhatIsMadeOfWhatFailedIsSkippedAndSaysSo()
    {
        File.AppendAllText(_repository.Root / "releases" / "2025.2" / "source-refs.yaml",
            "oslo.messaging: \"9.9.9\"\n");
        var run = await _repository.RunAsync(Constrain.Replace("--ref", "--keep-going --ref glance=1.0.0",
            StringComparison.Ordinal));
        run.ShouldFail("oslo.messaging 2025.2 failed: ",
            "because of oslo.messaging 2025.2, which failed in ResolveRefs", "0 of 6 images failed, 3 skipped");
        Assert.Equal(
            ["done glance 2025.1", "done keystone 2025.1", "done placement 2025.1",
                "failed oslo.messaging 2025.2 ResolveRefs", "skipped glance 2025.2 ResolveRefs",
                "skipped keystone 2025.2 ResolveRefs", "skipped placement 2025.2 ResolveRefs"], States().Order());
    }

    /// <summary>As ever: all that is wrong is told, and nothing later is run.</summary>
    [Fact]
    public async Task WithoutTheFlagOneFailureEndsTheRun()
    {
        var run = await _repository.RunAsync(Constrain);
        run.ShouldFail("source-refs.yaml:8:9: glance: there is no branch or tag '30.2.0'", "Build failed on");
        Assert.DoesNotContain("state", run.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_repository.Service / "checkout"));
        Assert.Equal(5, States().Count(x => x.StartsWith("not finished ", StringComparison.Ordinal)));
    }

    /// <summary>There is nothing to go on with.</summary>
    [Fact]
    public async Task WhereAllImagesFailTheTargetDoes() =>
        (await _repository.RunAsync("Constrain --service glance --release 2025.1 --git-mirror ./upstream --no-logo "
            + "--keep-going")).ShouldFail("Build failed on", "Target ResolveRefs has thrown an exception");

    [Fact]
    public async Task ALimitThatIsNoDurationIsToldAtOnce() =>
        (await _repository.RunAsync($"{Constrain} --timeout 30"))
            .ShouldFail("--timeout has the value '30'; expected a duration");

    JsonArray Components() => JsonNode.Parse(File.ReadAllText(Outcome))!["components"]!.AsArray();

    IEnumerable<string> States() => Components().Select(x =>
        $"{x!["state"]} {x["component"]} {x["release"]} {x["target"]}".TrimEnd());
}
