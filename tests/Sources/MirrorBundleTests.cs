using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

/// <summary>Commits as files, for sites that reach no remote, and what becomes of a byte on the way.</summary>
public sealed class MirrorBundleTests : IDisposable
{
    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _upstream;
    readonly string _commit;

    public MirrorBundleTests()
    {
        _upstream = new Upstream(_temporary / "upstream");
        _upstream.Commit("one", ("setup.cfg", "[metadata]\nname = keystone\n"), ("old", "of an earlier commit"));
        _upstream.Tag("1.0.0");
        _commit = _upstream.Commit("two", ("old", "of this commit"), ("sub/a", "a"), ("empty", ""));
        _upstream.Git("checkout", "--quiet", "-b", "other");
        _upstream.Commit("three", ("old", "of nobody's concern"));
        _upstream.Tag("9.9.9");
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task WhereNothingElseIsTheSameIsCheckedOut()
    {
        var bundle = await BundleAsync();
        Directory.Move(_temporary / "upstream", _temporary / "gone");
        var elsewhere = Mirror("elsewhere");
        await MirrorBundle.ReadAsync(elsewhere, _commit, bundle);
        await MirrorBundle.ReadAsync(elsewhere, _commit, bundle);
        await Checkout.WriteAsync(elsewhere, _commit, _temporary / "tree");
        Assert.Equal("of this commit", File.ReadAllText(_temporary / "tree" / "old"));
        Assert.Equal("1.0.0", (await elsewhere.RefsAsync())!.Tags.Single().Key);
        Assert.Equal("1.0.1.dev1", Describe(elsewhere).Version);
        Assert.Equal(Describe(Mirror("mirrors")), Describe(elsewhere));
    }

    [Fact]
    public async Task ItGoesOnFromItsRemoteOnceItCan()
    {
        var elsewhere = Mirror("elsewhere");
        await MirrorBundle.ReadAsync(elsewhere, _commit, await BundleAsync());
        var later = new Mirror(_temporary / "elsewhere", "keystone", _upstream.Url);
        var next = _upstream.Git("rev-parse", "other");
        await later.EnsureAsync(next);
        await Checkout.WriteAsync(later, next, _temporary / "tree");
        Assert.Equal("of nobody's concern", File.ReadAllText(_temporary / "tree" / "old"));
    }

    [Fact]
    public async Task AMirrorThatIsThereTakesItIn()
    {
        var first = new Mirror(_temporary / "elsewhere", "keystone", _upstream.Url);
        var bundle = await BundleAsync();
        _upstream.Git("checkout", "--quiet", "--orphan", "fresh");
        var fresh = _upstream.Commit("fresh");
        _upstream.Git("branch", "-D", "master", "other");
        _upstream.Git("tag", "-d", "1.0.0", "9.9.9");
        await first.EnsureAsync(fresh);
        Assert.False(await first.HasCommitAsync(_commit));
        await MirrorBundle.ReadAsync(Mirror("elsewhere"), _commit, bundle);
        await Checkout.WriteAsync(Mirror("elsewhere"), _commit, _temporary / "tree");
        Assert.True(await first.HasCommitAsync(fresh));
    }

    [Theory]
    [InlineData("byte")]
    [InlineData("cut")]
    [InlineData("text")]
    public async Task WhatIsNoBundleIsRefusedAndLeavesNothing(string what)
    {
        var bundle = await BundleAsync();
        var bytes = await File.ReadAllBytesAsync(bundle);
        if (what == "byte") bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(bundle,
            what == "cut" ? bytes[..^200] : what == "text" ? "no bundle\n"u8.ToArray() : bytes);
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            MirrorBundle.ReadAsync(Mirror("elsewhere"), _commit, bundle));
        Assert.Contains("keystone: git cannot unpack it", problem.Message, StringComparison.Ordinal);
        Assert.False(await Mirror("elsewhere").HasCommitAsync(_commit));
    }

    [Fact]
    public async Task OfflineNobodyIsAskedAndWhatIsMissingIsNamed()
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            Checkout.WriteAsync(Mirror("elsewhere"), _commit, _temporary / "tree"));
        Assert.Contains($"the mirror of {_upstream.Url} does not have {_commit}. Run the target Prefetch",
            problem.Message, StringComparison.Ordinal);
        // History alone is not enough.
        await new Mirror(_temporary / "elsewhere", "keystone", _upstream.Url).EnsureAsync(_commit);
        problem = await Assert.ThrowsAsync<ProblemException>(() =>
            Checkout.WriteAsync(Mirror("elsewhere"), _commit, _temporary / "tree"));
        Assert.Contains($"objects of {_commit} are missing", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AByteOfAnObjectThatIsAnotherIsNamedAndNothingIsCheckedOut()
    {
        var mirror = Mirror("mirrors");
        await BundleAsync();
        // Git gives it back without a word: the pack is a whole one, whose object is called what another is.
        var id = (await mirror.Offline.Command("rev-parse", $"{_commit}:old").RequireAsync()).Text;
        var other = new Git { Directory = mirror.Directory };
        var written = (await (other.Command("hash-object", "-w", "--stdin") with { Input = "of an attacker" })
            .RequireAsync()).Text;
        AbsolutePath ObjectOf(string x) => mirror.Directory / "objects" / x[..2] / x[2..];
        foreach (var pack in (mirror.Directory / "objects" / "pack").GlobFiles("*.pack"))
        {
            var moved = _temporary / pack.Name;
            File.Move(pack, moved);
            await (other.Command("unpack-objects", "-q") with
            {
                InputWriter = async (x, token) => await x.WriteAsync(await File.ReadAllBytesAsync(moved, token), token),
            }).RequireAsync();
            foreach (var rest in (mirror.Directory / "objects" / "pack").GlobFiles($"{pack.NameWithoutExtension}.*"))
                File.Delete(rest);
        }

        File.Delete(ObjectOf(id));
        File.Copy(ObjectOf(written), ObjectOf(id));
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            Checkout.WriteAsync(mirror, _commit, _temporary / "tree"));
        Assert.Contains("are missing, or are not what they are called", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Run the target Prefetch".ToLowerInvariant(), problem.Message.ToLowerInvariant(),
            StringComparison.Ordinal);
        Assert.False(Directory.Exists(_temporary / "tree"));
    }

    SourceTree Describe(Mirror mirror) => SourceTree.Describe(
        new ResolvedRef("keystone", _upstream.Url, "master", RefKind.Branch, _commit), mirror.Directory,
        _temporary / "tree");

    /// <summary>A mirror that does not ask its remote.</summary>
    Mirror Mirror(string directory) => new(_temporary / directory, "keystone", _upstream.Url) { IsOffline = true };

    async Task<AbsolutePath> BundleAsync()
    {
        var mirror = new Mirror(_temporary / "mirrors", "keystone", _upstream.Url);
        await mirror.EnsureAsync(_commit);
        await CommitObjects.EnsureAsync(mirror, _commit);
        await MirrorBundle.WriteAsync(mirror, _commit, _temporary / "a.bundle");
        return _temporary / "a.bundle";
    }
}
