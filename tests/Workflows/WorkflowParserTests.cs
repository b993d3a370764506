using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Tests.Workflows;

/// <summary>What GitHub's own parser says of the workflows.</summary>
public sealed class WorkflowParserTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("parser-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [NpmFact]
    public async Task NothingIsWrongWithTheWorkflows()
    {
        var result = await ParserAsync();
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [NpmFact]
    public async Task WhatIsWrongIsFound()
    {
        var file = _directory / "broken.yml";
        var text = await File.ReadAllTextAsync(RepositoryRoot.Path / ".github" / "workflows" / "build-images.yml");
        foreach (var (good, bad) in (KeyValuePair<string, string>[])
        [
            new("fail-fast", "failfast"),
            new("!cancelled()", "!canceled()"),
            new("steps.stale.", "steps.stail."),
            new("needs.plan.outputs.bases", "needs.plan.outputs.basis"),
        ])
        {
            Assert.Contains(good, text, StringComparison.Ordinal);
            text = text.Replace(good, bad, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(file, text);
        var result = await ParserAsync(file);
        Assert.Equal(1, result.ExitCode);
        foreach (var problem in (string[])["Unexpected value 'failfast'", "Unrecognized function: 'canceled'", "stail",
            "basis"])
            Assert.Contains(problem, result.Output, StringComparison.Ordinal);
    }

    static Task<CommandResult> ParserAsync(params string[] files) =>
        new Command(RepositoryRoot.Path / "tests" / "workflow-parser", files).RunAsync();
}

/// <summary>A test for machines with npm, which fetches what it tests with.</summary>
sealed class NpmFactAttribute : FactAttribute
{
    public NpmFactAttribute()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!path.Any(x => File.Exists(Path.Combine(x, "npm"))))
            Skip = "There is no npm to fetch GitHub's parser with: install Node.js and npm";
    }
}
