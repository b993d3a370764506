using Nuke.Common.IO;
using OpenStack.Lab;
using OpenStack.Processes;

namespace OpenStack.Tests.Lab;

public sealed class GitMirrorTests
{
    [Theory]
    [InlineData("keystone_27.0.0.orig.tar.xz", "27.0.0")]
    [InlineData("keystone_27.0.0~rc1.orig.tar.gz", "27.0.0.0rc1")]
    [InlineData("keystone_27.0.0+dfsg1.orig.tar.xz", "27.0.0")]
    public void The_tag_is_the_upstream_version(string archive, string tag) =>
        Assert.Equal(tag, UpstreamArchive.Version(archive));

    [Fact]
    public async Task Releases_become_tagged_commits_that_are_the_same_every_time()
    {
        using var directory = new TemporaryDirectory();
        var first = await ImportAsync(directory.Path / "a");
        var second = await ImportAsync(directory.Path / "b");
        Assert.Equal(first, second);
        Assert.Equal("tag", await GitAsync(directory.Path / "a/repository", "cat-file", "-t", "27.0.0"));
        Assert.Equal("27.0.0", await GitAsync(directory.Path / "a/repository", "describe", "stable/2025.1"));
        Assert.Equal("26.0.0", await GitAsync(directory.Path / "a/repository", "describe", "stable/2025.1~1"));
        Assert.Equal("ignored.log",
            await GitAsync(directory.Path / "a/repository", "ls-tree", "--name-only", "stable/2025.1", "ignored.log"));
    }

    static async Task<string> ImportAsync(AbsolutePath directory)
    {
        var repository = directory / "repository";
        Directory.CreateDirectory(repository);
        await GitAsync(repository, "init", "--quiet", "--bare");
        var log = new StepLog(directory / "log", "git");
        var mirror = new GitMirror(null!, null!, null!, null!, log);
        string? commit = null;
        foreach (var (version, branch) in new[] { ("26.0.0", "stable/2024.2"), ("27.0.0", "stable/2025.1") })
        {
            var source = new SourceData { Component = "keystone", Package = "keystone", Branch = branch };
            var tree = await UpstreamArchive.UnpackAsync(await ArchiveAsync(directory, version),
                directory / "trees" / version, log, default);
            commit = await mirror.ImportAsync(repository, source, tree, directory, commit, default);
        }

        return commit!;
    }

    static async Task<AbsolutePath> ArchiveAsync(AbsolutePath directory, string version)
    {
        var tree = directory / $"keystone-{version}";
        Directory.CreateDirectory(tree);
        File.WriteAllText(tree / "version", version);
        // Upstream packs what its own .gitignore names.
        File.WriteAllText(tree / ".gitignore", "*.log\n");
        File.WriteAllText(tree / "ignored.log", "");
        var archive = directory / $"keystone_{version}.orig.tar";
        await new Command("tar", "--create", "--mtime=2025-04-02 10:00Z", $"--file={archive}",
            $"--directory={directory}", tree.Name).RequireAsync();
        return archive;
    }

    static async Task<string> GitAsync(AbsolutePath repository, params string[] arguments) =>
        (await new Command("git", ["--git-dir", repository, .. arguments]).RequireAsync()).Text;
}
