using System.Diagnostics;
using Nuke.Common.IO;
using OpenStack.Tests.EndToEnd;

namespace OpenStack.Tests.Pipeline;

/// <summary>
/// Files that the build generates from its own code are committed; these tests fail when they are stale.
/// </summary>
public sealed class GeneratedFileTests : IDisposable
{
    readonly AbsolutePath _root = Directory.CreateTempSubdirectory().FullName;

    public GeneratedFileTests()
    {
        Directory.CreateDirectory(_root / ".nuke");
        Directory.CreateDirectory(_root / ".github" / "workflows");
        File.Copy(RepositoryRoot.Path / "build.cmd", _root / "build.cmd");
        // What the workflows are made of; the repository itself must not be written to.
        foreach (var name in (string[])["build", "images", "releases", "overrides", "patches"])
            if (Directory.Exists(RepositoryRoot.Path / name))
                Directory.CreateSymbolicLink(_root / name, RepositoryRoot.Path / name);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>All of them: one that no attribute gives is written by hand, which nobody should.</summary>
    public static TheoryData<string> Workflows =>
        [.. Directory.EnumerateFiles(RepositoryRoot.Path / ".github" / "workflows")
            .Select(x => Path.GetFileNameWithoutExtension(x))];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void TheWorkflowIsWhatTheAttributesSay(string name)
    {
        Run("--generate-configuration", $"GitHubActions_{name}", "--host", "GitHubActions");
        AssertSame($".github/workflows/{name}.yml", "./build.sh --generate-workflows");
    }

    /// <summary>In one process, and the same files as one by one, wherever they are made.</summary>
    [Fact]
    public void AllWorkflowsAreWrittenAtOnce()
    {
        Run("--generate-workflows");
        var committed = Directory.GetFiles(RepositoryRoot.Path / ".github" / "workflows")
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.Equal(committed,
            Directory.GetFiles(_root / ".github" / "workflows").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var file in committed) AssertSame($".github/workflows/{file}", "./build.sh --generate-workflows");
    }

    [Fact]
    public void TheSchemaIsThatOfTheParameters()
    {
        Run("--help");
        AssertSame(".nuke/build.schema.json", "./build.sh --help");
    }

    [Fact]
    public void TheReferenceIsWhatTheCodeSaysOfItself()
    {
        Run("--generate-docs");
        var files = Directory.GetFiles(_root / "docs", "*", SearchOption.AllDirectories);
        foreach (var file in files) AssertSame(Path.GetRelativePath(_root, file), "./build.sh --generate-docs");
        Assert.Equal(4, Directory.GetFiles(_root / "docs").Length);
        AssertSame(".nuke/completion.txt", "./build.sh --generate-docs");
        // One that nothing is read by any more is removed by hand.
        Assert.Equal(RepositoryCopy.Git(RepositoryRoot.Path, "ls-files", "docs/schemas").Lines.Count,
            files.Length - 4);
    }

    /// <summary>
    /// NUKE takes descriptions of enums from it: the schema would depend on how the build was compiled.
    /// </summary>
    [Fact]
    public void NoDocumentationLiesBesideTheBuild()
    {
        Assert.True(File.Exists(RepositoryRoot.Build));
        Assert.False(File.Exists(RepositoryRoot.Build.WithExtension("xml")));
    }

    /// <summary>
    /// With what git has, committed or about to be: every start writes the schema in the work tree anew.
    /// </summary>
    void AssertSame(string file, string remedy)
    {
        var committed = RepositoryCopy.Git(RepositoryRoot.Path, "cat-file", "blob", $":{file}").Output;
        Assert.True(committed == File.ReadAllText(_root / file), $"{file} is stale: run {remedy} and commit it");
    }

    void Run(params string[] arguments) => Run(_root, arguments);

    /// <summary>Runs the build in a repository of its own.</summary>
    internal static void Run(AbsolutePath root, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [RepositoryRoot.Build, .. arguments, "--root", root, "--no-logo"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in (string[])["GITHUB_ACTIONS", "NUKE_ROOT"]) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }
}
