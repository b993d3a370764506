using Nuke.Common.IO;

namespace OpenStack.Tests.Workflows;

/// <summary>The rules of the actions that hand files from job to job.</summary>
public sealed class WorkflowArtifactsTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("artifacts-").FullName;
    readonly WorkflowArtifacts _artifacts;

    public WorkflowArtifactsTests()
    {
        _artifacts = new WorkflowArtifacts(_directory / "kept");
        foreach (var file in (string[])["out/r/a/checkout/x", "out/r/a/source/sealed.json", "out/r/a/source/tree/y",
            "out/r/a/platforms/p/image/index.json", "out/r/a/image/index.json", "out/r/b/refs.json", "out/r/.lock",
            "other/z"])
        {
            Directory.CreateDirectory((Workspace / file).Parent!);
            File.WriteAllText(Workspace / file, file);
        }
    }

    AbsolutePath Workspace => _directory / "workspace";

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void FilesAreCalledAsBelowTheirDirectoryWithoutWhatIsHiddenOrExcluded()
    {
        _artifacts.Upload("one", "out/r\n!out/r/*/checkout\n!out/r/*/source/tree\n!out/r/*/image", Workspace);
        Assert.Equal(["a/platforms/p/image/index.json", "a/source/sealed.json", "b/refs.json"],
            FilesIn(_artifacts.Of("one")));
    }

    [Fact]
    public void SeveralDirectoriesAreCalledAsBelowWhatTheyHaveInCommon()
    {
        _artifacts.Upload("two", "out/r/b\nother", Workspace);
        Assert.Equal(["other/z", "out/r/b/refs.json"], FilesIn(_artifacts.Of("two")));
    }

    [Fact]
    public void AFileAloneHasItsName()
    {
        _artifacts.Upload("file", "out/r/b/refs.json", Workspace);
        _artifacts.Upload("glob", "out/**/*.json\n!out/**/index.json", Workspace);
        Assert.Equal(["refs.json"], FilesIn(_artifacts.Of("file")));
        Assert.Equal(["r/a/source/sealed.json", "r/b/refs.json"], FilesIn(_artifacts.Of("glob")));
    }

    [Fact]
    public void WhatGitHubRefusesIsRefused()
    {
        _artifacts.Upload("one", "other", Workspace);
        foreach (var (name, path) in ((string, string)[])[("one", "other"), ("a/b", "other"), ("a:b", "other"),
            ("none", "out/r/*.txt"), ("hidden", "out/r/.lock")])
            Assert.Throws<InvalidOperationException>(() => _artifacts.Upload(name, path, Workspace));
        Assert.Throws<InvalidOperationException>(() => _artifacts.Download("two", Workspace));
    }

    [Fact]
    public void SeveralGoIntoDirectoriesOfTheirOwnOrIntoOne()
    {
        _artifacts.Upload("image-a-1", "out/r/a/source", Workspace);
        _artifacts.Upload("image-a-2", "out/r/b", Workspace);
        _artifacts.Upload("image-b-1", "other", Workspace);
        _artifacts.DownloadAll("image-a-*", _directory / "apart", merge: false);
        _artifacts.DownloadAll("image-a-*", _directory / "together", merge: true);
        _artifacts.DownloadAll("none-*", _directory / "nothing", merge: true);
        Assert.Equal(["image-a-1/sealed.json", "image-a-1/tree/y", "image-a-2/refs.json"],
            FilesIn(_directory / "apart"));
        Assert.Equal(["refs.json", "sealed.json", "tree/y"], FilesIn(_directory / "together"));
        Assert.False(Directory.Exists(_directory / "nothing"));
    }

    static IEnumerable<string> FilesIn(AbsolutePath directory) =>
        Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
            .Select(x => Path.GetRelativePath(directory, x))
            .Order(StringComparer.Ordinal);
}
