using System.Runtime.Versioning;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

[UnsupportedOSPlatform("windows")]
public sealed class CheckoutTests : IDisposable
{
    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _upstream;

    public CheckoutTests() => _upstream = new Upstream(_temporary / "upstream");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task BytesModesAndLinksAreThoseOfTheCommit()
    {
        File.CreateSymbolicLink(_temporary / "upstream" / "link", "a/b.txt");
        File.WriteAllText(_temporary / "upstream" / "run.sh", "#!/bin/sh\n");
        File.SetUnixFileMode(_temporary / "upstream" / "run.sh", (UnixFileMode)0b111_101_101);
        _upstream.Commit("x", ("a/b.txt", "1\n2\n"), ("id.txt", "$Id$\n"), ("ä \"b\".txt", "x"));
        // Later, so that git has not converted what it was given.
        var commit = _upstream.Commit("y", (".gitattributes", "*.txt text eol=crlf ident\n*.sh filter=lfs\n"));
        await Checkout.WriteAsync(Mirror(), commit, _temporary / "a");
        Assert.Equal("1\n2\n", File.ReadAllText(_temporary / "a" / "a" / "b.txt"));
        Assert.Equal("$Id$\n", File.ReadAllText(_temporary / "a" / "id.txt"));
        Assert.Equal("x", File.ReadAllText(_temporary / "a" / "ä \"b\".txt"));
        Assert.Equal("a/b.txt", new FileInfo(_temporary / "a" / "link").LinkTarget);
        Assert.True(File.GetUnixFileMode(_temporary / "a" / "run.sh").HasFlag(UnixFileMode.UserExecute));
        Assert.False(Directory.Exists(_temporary / "a" / ".git"));
    }

    [Fact]
    public async Task TreeIsDescribed()
    {
        _upstream.Commit("x", ("setup.cfg", "[metadata]\nname = openstack-placement\n"));
        _upstream.Tag("14.0.0");
        var commit = _upstream.Commit();
        var mirror = Mirror();
        await Checkout.WriteAsync(mirror, commit, _temporary / "a");
        var source = new ResolvedRef("keystone", _upstream.Url, "master", RefKind.Branch, commit);
        var tree = SourceTree.Describe(source, mirror.Directory, _temporary / "a");
        Assert.Equal(new SourceTree(source, DateTimeOffset.FromUnixTimeSeconds(1_700_000_120), "openstack-placement",
            "14.0.1.dev1"), tree);
        tree.Write(_temporary / "source.json");
        Assert.Equal(tree, SourceTree.Read(_temporary / "source.json"));
    }

    [Theory]
    [InlineData("setup.cfg", "[metadata]\nname = ovs\nversion = 3.5.1\n", "3.5.1")]
    [InlineData("pyproject.toml", "[project]\nname = \"ovs\"\nversion = \"3.5.1\"\n", "3.5.1")]
    [InlineData("pyproject.toml",
        "[build-system]\nrequires = ['pbr>=6.0.0']\n[project]\nname = \"ovs\"\ndynamic = [\"version\"]\n",
        "1.0.1.dev1")]
    [InlineData("pyproject.toml",
        "[build-system]\nrequires = ['setuptools-scm']\n[project]\nname = \"ovs\"\ndynamic = [\"version\"]\n",
        "1.0.1.dev1")]
    [InlineData("setup.py", "setup(setup_requires=['pbr'], pbr=True)\n", "1.0.1.dev1")]
    public async Task VersionIsThatOfWhatBuildsTheTree(string file, string text, string expected) =>
        Assert.Equal(expected, (await DescribeAsync(file, text)).Version);

    [Theory]
    [InlineData("[build-system]\nrequires = ['hatchling']\n[project]\nname = 'ovs'\ndynamic = ['version']\n",
        "setup.py", "")]
    [InlineData("", "setup.cfg", "[metadata]\nname = ovs\nversion = attr: ovs.version\n")]
    public async Task VersionThatNobodyTellsIsAnError(string project, string file, string text) =>
        Assert.Contains("keystone: neither git (by PBR or setuptools_scm) nor the tree itself tells its version",
            (await Assert.ThrowsAsync<ProblemException>(() => DescribeAsync(file, text, project))).Message);

    [Fact]
    public async Task TagThatIsNoLongerWhereItWasResolvedIsAnError()
    {
        var commit = _upstream.Commit("x", ("setup.cfg", "[metadata]\nname = keystone\n"));
        _upstream.Tag("14.0.0");
        var other = _upstream.Commit();
        _upstream.Git("tag", "--force", "14.0.0", "master");
        await Checkout.WriteAsync(Mirror(), commit, _temporary / "a");
        var e = Assert.Throws<ProblemException>(() => SourceTree.Describe(
            new ResolvedRef("keystone", "url", "14.0.0", RefKind.Tag, commit), Mirror().Directory, _temporary / "a"));
        Assert.Contains($"the tag '14.0.0' was at {commit}, and at url is now at {other}", e.Message);
    }

    /// <summary>A tree with one commit after the tag 1.0.0.</summary>
    async Task<SourceTree> DescribeAsync(string file, string text, string project = "[project]\nname = 'ovs'\n")
    {
        _upstream.Commit("x", ("pyproject.toml", project));
        _upstream.Tag("1.0.0");
        var commit = _upstream.Commit("x", (file, text));
        await Checkout.WriteAsync(Mirror(), commit, _temporary / "a");
        return SourceTree.Describe(new ResolvedRef("keystone", _upstream.Url, commit, RefKind.Commit, commit),
            Mirror().Directory, _temporary / "a");
    }

    [Fact]
    public async Task NamesThatAreNotUtf8AreRefusedByName()
    {
        await new Command("sh", "-c",
            "mkdir -p upstream/data && touch \"upstream/data/caf$(printf '\\351').txt\" && ln -s \"caf$(printf "
            + "'\\351').txt\" upstream/link")
        {
            WorkingDirectory = _temporary.Path,
        }.RequireAsync();
        var commit = _upstream.Commit();
        var e = await Assert.ThrowsAsync<ProblemException>(() =>
            Checkout.WriteAsync(Mirror(), commit, _temporary / "a"));
        Assert.Contains($"keystone: {commit} has files whose name is not UTF-8: data/caf\\351.txt", e.Message);
        Assert.False(Directory.Exists(_temporary / "a"));
        _upstream.Git("rm", "-q", "-r", "data");
        commit = _upstream.Commit();
        e = await Assert.ThrowsAsync<ProblemException>(() => Checkout.WriteAsync(Mirror(), commit, _temporary / "a"));
        Assert.Contains("that lead to a name that is not UTF-8: link -> caf\\351.txt", e.Message);
    }

    [Fact]
    public async Task WhatIsNotInTheTreeIsSaid()
    {
        Directory.CreateDirectory(_temporary / "upstream" / "sub");
        File.CreateSymbolicLink(_temporary / "upstream" / "out", "../out");
        _upstream.Git("update-index", "--add", "--cacheinfo", $"160000,{new string('1', 40)},sub");
        var note = await Checkout.WriteAsync(Mirror(), _upstream.Commit(), _temporary / "a");
        Assert.Equal("keystone: the tree is without its submodules: sub; keystone: links lead out of the tree: out",
            note);
    }

    [Fact]
    public async Task RemoteThatIsNotThereIsOneSentence()
    {
        var mirror = new Mirror(_temporary / "mirrors", "keystone", $"file://{_temporary / "none"}");
        var e = await Assert.ThrowsAsync<ProblemException>(() =>
            Checkout.WriteAsync(mirror, new string('a', 40), _temporary / "a"));
        Assert.Contains("keystone: git failed with file://", e.Message);
        Assert.False(Directory.Exists(_temporary / "a"));
    }

    Mirror Mirror() => new(_temporary / "mirrors", "keystone", _upstream.Url);
}
