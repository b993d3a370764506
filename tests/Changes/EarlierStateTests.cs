using Nuke.Common.IO;
using OpenStack.Changes;
using OpenStack.Storage;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Changes;

/// <summary>A repository with a catalog, at one commit and in its work tree.</summary>
public sealed class EarlierStateTests : IDisposable
{
    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("earlier-").FullName;
    readonly Upstream _repository;
    readonly EarlierState _state;
    readonly string _commit;

    public EarlierStateTests()
    {
        _repository = new Upstream(Root);
        _commit = _repository.Commit("Begin",
            ("images/nova/Dockerfile", "FROM scratch\n"),
            ("images/nova/files/nova.sh", "true\n"),
            ("images/glance/Dockerfile", "FROM scratch\n"),
            ("images/bindep.txt", "git\n"),
            ("releases/2025.1/source-refs.yaml", "nova: \"31.0.0\"\n"),
            ("overrides/2025.1/constraints.txt", "a===1\n"),
            ("patches/nova/2025.1/0001-a.patch", "a\n"),
            ("build/Build.cs", "// one\n"),
            ("build/Lab/Lab.cs", "// one\n"),
            ("build/Signing/notes.md", "one\n"),
            ("tests/Test.cs", "// one\n"),
            (".gitignore", "*.swp\n"));
        _state = new EarlierState(Root);
    }

    AbsolutePath Root => _directory / "repository";

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task ACommitIsFoundByAnyNameAndNothingElseIs()
    {
        _repository.Git("tag", "-a", "-m", "x", "v1");
        var tree = _repository.Git("rev-parse", "HEAD^{tree}");
        var later = _repository.Commit("Later", ("images/bindep.txt", "curl\n"));
        foreach (var (name, commit) in new[]
        {
            ("v1", _commit), (_commit[..10], _commit), ("HEAD~1", _commit), ("master", later),
        })
            Assert.Equal(commit, await _state.FindAsync(name));
        Assert.All(await Task.WhenAll(new[]
        {
            "nowhere", "HEAD~9", tree, "--all", "", new string('0', 40), "HEAD:images",
        }.Select(_state.FindAsync)), Assert.Null);
    }

    [Fact]
    public async Task TheCatalogIsWhatItWas()
    {
        var before = Catalog(Root);
        Write("images/nova/Dockerfile", "FROM other\n");
        File.Delete(Root / "images/nova/files/nova.sh");
        Write("images/bindep.txt", "curl\n");
        Write("releases/2025.1/new.yaml", "new\n");
        Directory.Delete(Root / "patches", recursive: true);
        Write("images/heat/Dockerfile", "FROM scratch\n");
        _repository.Commit("Half of it is committed", ("overrides/2025.1/constraints.txt", "a===2\n"));
        Write("images/glance/Dockerfile", "FROM later\n");
        var now = Catalog(Root);
        Assert.Equal(before, Catalog(await WriteAsync(_commit)));
        Assert.Equal(now, Catalog(Root));
    }

    [Fact]
    public async Task WhatIsTheSameIsNotWrittenAgainAndOutlivesTheCopy()
    {
        Write("images/nova/Dockerfile", "FROM other\n");
        var copy = await WriteAsync(_commit);
        Assert.Equal(Root / "images/glance", new DirectoryInfo(copy / "images/glance").LinkTarget);
        Assert.Null(new DirectoryInfo(copy / "images/nova").LinkTarget);
        // An image's digest is that of a directory, by whatever name it is reached.
        Assert.Equal(Digest.OfDirectory(Root / "images/glance"), Digest.OfDirectory(copy / "images/glance"));
        Directory.Delete(copy, recursive: true);
        Assert.True(File.Exists(Root / "images/glance/Dockerfile"));
    }

    [Fact]
    public async Task WhatGitIgnoresIsNoChange()
    {
        Write("images/glance/.Dockerfile.swp", "x");
        Assert.NotNull(new DirectoryInfo(await WriteAsync(_commit) / "images/glance").LinkTarget);
    }

    [Fact]
    public async Task ARepositoryWithoutACatalogHadNone()
    {
        _repository.Git("switch", "--quiet", "--orphan", "empty");
        var empty = _repository.Commit("Nothing", ("README", "x"));
        Assert.Empty(Catalog(await WriteAsync(empty)));
    }

    [Theory]
    [InlineData("build/Build.cs", true)]
    [InlineData("build/New.cs", true)]
    [InlineData("build.sh", true)]
    [InlineData("build/Lab/Lab.cs", false)]
    [InlineData("build/Signing/notes.md", false)]
    [InlineData("tests/Test.cs", false)]
    [InlineData("images/nova/Dockerfile", false)]
    [InlineData("build/.Build.cs.swp", false)]
    public async Task OtherCodeIsWhatMakesImages(string file, bool counts)
    {
        Assert.False(await _state.HasOtherCodeAsync(_commit));
        Write(file, "// two\n");
        Assert.Equal(counts, await _state.HasOtherCodeAsync(_commit));
        if (file.EndsWith(".swp", StringComparison.Ordinal)) return;
        var now = _repository.Commit("Two");
        Assert.Equal((counts, false), (await _state.HasOtherCodeAsync(_commit), await _state.HasOtherCodeAsync(now)));
    }

    /// <summary>A name that git reads as a pattern, or that it would quote, is the name of a directory here.</summary>
    [Fact]
    public async Task NamesAreTakenAsTheyAre()
    {
        var commit = _repository.Commit("Names", ("images/ä [x]/Dockerfile", "one\n"),
            ("images/a x/Dockerfile", "one\n"));
        var before = Catalog(Root);
        Write("images/ä [x]/Dockerfile", "two\n");
        Write("images/a x/Dockerfile", "two\n");
        Assert.Equal(before, Catalog(await WriteAsync(commit)));
    }

    async Task<AbsolutePath> WriteAsync(string commit)
    {
        var copy = _directory / "copy";
        await _state.WriteCatalogAsync(commit, copy);
        return copy;
    }

    void Write(string path, string text)
    {
        Directory.CreateDirectory((Root / path).Parent!);
        File.WriteAllText(Root / path, text);
    }

    static SortedDictionary<string, string> Catalog(AbsolutePath root) =>
        new SortedDictionary<string, string>(((string[])["images", "releases", "patches", "overrides"])
            .Where(x => Directory.Exists(root / x))
            .SelectMany(x => Directory.EnumerateFiles(root / x, "*", SearchOption.AllDirectories))
            .ToDictionary(x => Path.GetRelativePath(root, x), File.ReadAllText));
}
