using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public sealed class DescribedVersionTests : IDisposable
{
    readonly AbsolutePath _temporary = Directory.CreateTempSubdirectory().FullName;
    readonly Upstream _upstream;

    public DescribedVersionTests() => _upstream = new Upstream(_temporary / "upstream");

    public void Dispose() => Directory.Delete(_temporary, recursive: true);

    [Theory]
    [InlineData("v3.5.0", "3.5.0")]
    [InlineData("V1.2", "1.2")]
    [InlineData("25.03.1", "25.03.1")]
    [InlineData("release/1.2.3", "1.2.3")]
    [InlineData("cortex-0.4.1", "0.4.1")]
    [InlineData("tools/cortex/v0.4.1-rc1", "0.4.1-rc1")]
    [InlineData("version-without-number", "version-without-number")]
    public async Task ATagIsItsVersion(string tag, string version)
    {
        var commit = _upstream.Commit();
        _upstream.Tag(tag);
        Assert.Equal(version, (await DescribeAsync(tag, RefKind.Tag, commit)).Version);
    }

    [Fact]
    public async Task WhatIsNoTagIsDescribedAsGitDoes()
    {
        var first = _upstream.Commit();
        Assert.Equal(first[..12], (await DescribeAsync("master", RefKind.Branch, first)).Version);
        _upstream.Tag("v3.5.0");
        _upstream.Commit();
        var commit = _upstream.Commit();

        var tree = await DescribeAsync(commit, RefKind.Commit, commit);

        Assert.Equal($"3.5.0-2-g{commit[..12]}", tree.Version);
        Assert.Equal(_upstream.Git("describe", "--tags", "--abbrev=12", commit), $"v{tree.Version}");
        Assert.Equal("openvswitch", tree.Distribution);
        var dirty = await DescribeAsync("HEAD", RefKind.Local, commit, new LocalState("sha256:0", IsDirty: true));
        Assert.Equal($"3.5.0-2-g{commit[..12]}-dirty", dirty.Version);
    }

    [Theory]
    [InlineData("AC_INIT(openvswitch, 3.5.4, bugs@openvswitch.org)", "3.5.4")]
    [InlineData("AC_PREREQ(2.63)\nAC_INIT([ovn], [25.03.3], [bugs@openvswitch.org])", "25.03.3")]
    [InlineData("AC_INIT(ovn, m4_esyscmd(version), x)", null)]
    public void AnUnpackedTreeSaysItByAutoconf(string text, string? version)
    {
        var source = new ResolvedRef("ovn", "https://example.org", "HEAD", RefKind.Local, "0", new("sha256:0", false));
        File.WriteAllText(_temporary / "configure.ac", text);
        if (version is not null)
            Assert.Equal(version, SourceTree.Describe(source, null, _temporary, ImageKind.Native).Version);
        else Assert.Equal("ovn: the tree says no version", Assert.Throws<ProblemException>(() =>
            SourceTree.Describe(source, null, _temporary, ImageKind.Native)).Message);
    }

    async Task<SourceTree> DescribeAsync(string reference, RefKind kind, string commit, LocalState? local = null)
    {
        var mirror = new Mirror(_temporary / "mirrors", "openvswitch", _upstream.Url);
        mirror = Directory.Exists(mirror.Directory)
            ? new Mirror(_temporary / $"mirrors-{Guid.NewGuid():N}", "openvswitch", _upstream.Url) : mirror;
        await mirror.EnsureAsync(commit);
        return SourceTree.Describe(new ResolvedRef("openvswitch", _upstream.Url, reference, kind, commit, local),
            mirror.Directory, _temporary, ImageKind.Native);
    }
}
