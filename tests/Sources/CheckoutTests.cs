using System.Runtime.Versioning;
using OpenStack.Diagnostics;
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
        Assert.Equal(new SourceTree(source, DateTimeOffset.FromUnixTimeSeconds(1_700_000_120), "openstack-placement", "14.0.1.dev1"), tree);
        tree.Write(_temporary / "source.json");
        Assert.Equal(tree, SourceTree.Read(_temporary / "source.json"));
    }

    [Fact]
    public async Task RemoteThatIsNotThereIsOneSentence()
    {
        var mirror = new Mirror(_temporary / "mirrors", "keystone", $"file://{_temporary / "none"}");
        var e = await Assert.ThrowsAsync<ProblemException>(() => Checkout.WriteAsync(mirror, new string('a', 40), _temporary / "a"));
        Assert.Contains("keystone: git failed with file://", e.Message);
        Assert.False(Directory.Exists(_temporary / "a"));
    }

    Mirror Mirror() => new(_temporary / "mirrors", "keystone", _upstream.Url);
}
