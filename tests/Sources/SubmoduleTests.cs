using Nuke.Common.IO;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public sealed class SubmoduleTests : IDisposable
{
    const string Other = "f65acb885a699d5c528cf79773c46bc00e30f97d";

    readonly AbsolutePath _temporary = Directory.CreateTempSubdirectory().FullName;
    readonly Upstream _upstream;

    public SubmoduleTests() => _upstream = new Upstream(_temporary / "upstream");

    public void Dispose() => Directory.Delete(_temporary, recursive: true);

    [Fact]
    public async Task ATreeSaysWhichCommitItMeans()
    {
        _upstream.Commit("x", (".gitmodules", "[submodule \"a.b \\\"c\"]\n\tpath = ovs\n"
            + "\turl = https://github.com/openvswitch/ovs.git\n"
            + "[submodule \"gone\"]\n\tpath = gone\n\turl = ../gone\n"));
        foreach (var path in (string[])["ovs", "unknown"])
            _upstream.Git("update-index", "--add", "--cacheinfo", $"160000,{Other},{path}");
        _upstream.Git("commit", "--quiet", "-m", "y");
        var commit = _upstream.Git("rev-parse", "HEAD");
        var mirror = new Mirror(_temporary / "mirrors", "ovn", _upstream.Url);
        await mirror.EnsureAsync(commit);

        var submodules = await Submodule.OfAsync(mirror, commit);

        Assert.Equal([new Submodule("ovs", "https://github.com/openvswitch/ovs.git", Other),
            new Submodule("unknown", null, Other)], submodules);
        Assert.True(submodules[0].IsAt("https://user:secret@github.com/openvswitch/ovs"));
        Assert.False(submodules[0].IsAt("https://github.com/ovn-org/ovn"));
        Assert.False(submodules[1].IsAt("https://github.com/openvswitch/ovs"));
        Assert.Empty(await Submodule.OfAsync(mirror, $"{commit}^"));
    }

    [Fact]
    public void AnotherCommitInItsPlaceIsTold()
    {
        var submodule = new Submodule("ovs", null, Other);
        var same = new ResolvedRef("ovs", "https://github.com/openvswitch/ovs", Other, RefKind.Commit, Other);
        Assert.Null(submodule.Check("ovn", same));
        var other = new string('a', 40);
        Assert.Equal($"ovn names ovs at {Other}, and ovs is v3.5.0 here, {other}. Write {Other}, unless you mean "
            + "another one", $"{submodule.Check("ovn", same with { Ref = "v3.5.0", Commit = other })}");
    }
}
