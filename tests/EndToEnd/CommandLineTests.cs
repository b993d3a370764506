using OpenStack.Processes;

namespace OpenStack.Tests.EndToEnd;

/// <summary>What a user may type, against the build as it is started: nobody gets a surprise.</summary>
public sealed class CommandLineTests : IDisposable
{
    readonly RepositoryCopy _repository = new();

    public void Dispose() => _repository.Dispose();

    [Theory]
    [InlineData("BuildService --servcie keystone --release=2025.1 --profile lab", "Did you mean '--service'?",
        "expected the value as a word of its own: '--release 2025.1'")]
    [InlineData("BuildServce --service keystone --skip BuildBse", "Did you mean 'BuildService'?",
        "Did you mean 'BuildBase'?")]
    [InlineData("BuildService --service keystone --release 2025.1 --profile labb", "There is no profile 'labb'",
        "Did you mean 'lab'?")]
    [InlineData("BuildService --service ../../etc --release $(x)", "'../../etc' is not the name of a service",
        "'$(x)' is not the name of a release")]
    [InlineData("BuildService", "no release is given. Choose from 2025.1",
        "no service is given. Choose from aodh, barbican")]
    [InlineData("BuildService --service keystone --release 2025.1 --skip",
        "Run the target Patch first, or do not skip it")]
    [InlineData("BuildBase --docker nosuch",
        "'nosuch' cannot be started: there is no such program on PATH", "Install Docker")]
    public async Task MistakesEndWithASentenceThatHelps(string arguments, params string[] saying) =>
        (await _repository.RunAsync(arguments)).ShouldFail(saying);

    [Theory]
    [InlineData("HOST", "Unset it, or, if that is meant, name it NUKE_HOST")]
    [InlineData("TARGET", "Unset it, or, if that is meant, name it NUKE_TARGET")]
    public async Task StrayVariablesAreNotTaken(string name, string saying) =>
        (await _repository.RunAsync("--help", (name, "box"))).ShouldFail(saying);

    /// <summary>
    /// NUKE fails where another run writes its log, so that run keeps the file, and this one makes a new one.
    /// </summary>
    [Fact]
    public async Task ALogThatAnotherRunWritesIsLeftToIt()
    {
        Directory.CreateDirectory(_repository.Root / ".nuke" / "temp");
        var file = _repository.Root / ".nuke" / "temp" / "build.log";
        using var held = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.Read);
        (await _repository.RunAsync("Tags --service keystone --release 2025.1 --plan")).ShouldSucceed();
        (await _repository.RunAsync("Patch --service keystone --release 2025.1 --skip"))
            .ShouldFail("Run the target Checkout first");
        Assert.Contains("Run the target Checkout first", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(0, held.Length);
    }

    /// <summary>However it is started: NUKE would write into the project file that is next to the assembly.</summary>
    [Fact]
    public async Task NukeIsToldToCollectNothing()
    {
        var (program, said) = (_repository.Root / "dotnet", _repository.Root / "said");
        _repository.Write("dotnet", $"#!/bin/sh\necho \"$NUKE_TELEMETRY_OPTOUT\" >>{said}\nexit 1\n");
        await new Command("chmod", ["+x", program]).RequireAsync();
        (await _repository.RunAsync("Test", ("DOTNET_EXE", program))).ShouldFail();
        Assert.Equal("1", (await File.ReadAllLinesAsync(said))[0]);
    }

    [Theory]
    [InlineData("GitHubActions")]
    [InlineData("terminal")]
    public async Task EveryHostOfNukeIsOne(string host) =>
        (await _repository.RunAsync($"--help --host {host}")).ShouldSucceed();

    [Fact]
    public async Task ThePlanIsShownAndNothingRuns()
    {
        var run = (await _repository.RunAsync("BuildService --service keystone --release 2025.1 --plan --no-logo"))
            .ShouldSucceed();
        Assert.Matches("BuildService +after BuildBase, BuildWheels", run.Output);
        Assert.False(Directory.Exists(_repository.Root / "artifacts"));
    }

    /// <summary>What is signed has what came of the test, in whatever order the two are asked for.</summary>
    [Fact]
    public async Task AnImageIsTestedBeforeItIsSigned()
    {
        var plan = (await _repository.RunAsync("Push TestImage --service keystone --release 2025.1 --plan --no-logo"))
            .ShouldSucceed().Output;
        int Of(string target) => plan.IndexOf($" {target} ", StringComparison.Ordinal);
        Assert.InRange(Of("TestImage"), 1, Of("Sign"));
    }

    [Fact]
    public async Task MistakesInTheCatalogAreReportedTogetherBeforeAnythingRuns()
    {
        _repository.Edit("releases/2025.1/source-refs.yaml", "keystone: ", "keystone: \"--upload-pack=x\"\nkeystone: ");
        _repository.Edit("releases/2025.2/extra-packages.yaml", "pip-extras:", "pip-extra:");
        _repository.Write("patches/keystne/2025.1/0001.patch", "");
        var run = await _repository.RunAsync("ResolveRefs --service keystone --release 2025.1");
        run.ShouldFail("source-refs.yaml:5:11: '--upload-pack=x' is not the name of a git ref",
            "source-refs.yaml:6:1: 'keystone' is there twice, first in line 5",
            "2025.2/extra-packages.yaml:", "Did you mean 'pip-extras'?",
            "patches/keystne: no release has a component 'keystne'. Did you mean 'keystone'?");
    }
}
