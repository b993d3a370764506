using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public sealed class MirrorTests : IDisposable
{
    /// <summary>Least size of <see cref="Noise"/> in a pack, in bytes.</summary>
    const double Compressed = 70_000;

    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _upstream;
    readonly string _first;
    readonly Mirror _mirror;

    public MirrorTests()
    {
        _upstream = new Upstream(_temporary / "upstream");
        _first = _upstream.Commit("one", ("setup.cfg", "[metadata]\nname = keystone\n"), ("big", Noise(1)),
            ("same", Noise(2)));
        _upstream.Tag("1.0.0");
        _mirror = Mirror(_upstream.Url);
    }

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task SecondCheckoutMovesOnlyWhatIsMissing()
    {
        var second = _upstream.Commit("two", ("big", Noise(3)));
        await _mirror.EnsureAsync(second);
        var empty = PackBytes();
        Assert.InRange(empty, 1, 10_000);
        await Checkout.WriteAsync(_mirror, _first, _temporary / "a");
        var one = PackBytes();
        Assert.InRange(one - empty, 2 * Compressed, 2.1 * Compressed);
        await Checkout.WriteAsync(_mirror, second, _temporary / "b");
        Assert.InRange(PackBytes() - one, Compressed, 1.1 * Compressed);
        await Checkout.WriteAsync(_mirror, second, _temporary / "c");
        Assert.Equal(Noise(3), File.ReadAllText(_temporary / "c" / "big"));
    }

    [Fact]
    public async Task RemoteThatKnowsNoFilterIsCopiedWhole()
    {
        _upstream.Git("config", "uploadpack.allowFilter", "false");
        await _mirror.EnsureAsync(_first);
        Directory.Move(_temporary / "upstream", _temporary / "gone");
        await Checkout.WriteAsync(_mirror, _first, _temporary / "a");
        Assert.Equal(Noise(1), File.ReadAllText(_temporary / "a" / "big"));
    }

    [Theory]
    [InlineData("rm -rf $M; echo x >$M")]
    [InlineData("rm -f $M/HEAD")]
    [InlineData("rm -rf $M; mkdir -p \"$M/$(printf '\\351')\"; mkdir -p \"$M.1.making/$(printf '\\351')\"")]
    [InlineData("ln -s nowhere $M/remote.1.tmp; touch $M/behind; rm -rf $M/refs")]
    public async Task WhateverStandsInThePlaceOfAMirrorItIsMade(string left)
    {
        await _mirror.EnsureAsync(_first);
        var environment = new Dictionary<string, string?> { ["M"] = _mirror.Directory };
        await new Command("sh", "-ec", left) { Environment = environment }.RequireAsync();
        await _mirror.EnsureAsync(_first);
        Assert.True(await _mirror.HasCommitAsync(_first));
        Assert.Single(Directory.GetDirectories(_temporary / "mirrors"));
    }

    [Fact]
    public async Task CommitOutsideOfBranchesIsFetchedAndKept()
    {
        var lost = _upstream.Commit("lost");
        _upstream.Git("reset", "--hard", "--quiet", "HEAD~1");
        await _mirror.EnsureAsync(lost);
        Assert.True(await _mirror.HasCommitAsync(lost));
        var e = await Assert.ThrowsAsync<ProblemException>(() => _mirror.EnsureAsync(new string('1', 40)));
        Assert.Contains("has no commit 1111", e.Message);
    }

    [Fact]
    public async Task DebrisOfKilledRunsIsInNobodysWay()
    {
        var half = (AbsolutePath)$"{_mirror.Directory}.1.making";
        Directory.CreateDirectory(half / "objects");
        File.WriteAllText(half / "HEAD", "");
        File.WriteAllText($"{_mirror.Directory}.lock", "");
        await _mirror.EnsureAsync(_first);
        Assert.Equal([_mirror.Directory],
            Directory.GetDirectories(_temporary / "mirrors").Select(x => (AbsolutePath)x));

        foreach (var name in (string[])["shallow.lock", "packed-refs.lock", "packed-refs.new", "config.lock",
            "HEAD.lock", "refs/heads/master.lock"])
        {
            var file = _mirror.Directory / name;
            Directory.CreateDirectory(file.Parent!);
            File.WriteAllText(file, "");
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1));
        }

        File.WriteAllText(_temporary / "a.index", "half");
        File.WriteAllText(_temporary / "a.index.lock", "half");
        var second = _upstream.Commit("two", ("big", Noise(3)));
        await Checkout.WriteAsync(_mirror, second, _temporary / "a");
        Assert.Equal(Noise(3), File.ReadAllText(_temporary / "a" / "big"));
        Assert.Equal(second, (await _mirror.RefsAsync())!.Branches["master"]);
        Assert.False(File.Exists(_temporary / "a.index"));
    }

    [Fact]
    public async Task FetchThatWasKilledIsMadeUpFor()
    {
        await _mirror.EnsureAsync(_first);
        _upstream.Tag("1.0.1");
        _mirror.MarkBehind();
        await _mirror.EnsureAsync(_first);
        Assert.Contains("1.0.1", (await _mirror.RefsAsync())!.Tags.Keys);
    }

    [Fact]
    public async Task NewTagOnAKnownCommitIsFetchedOnceTheResolverHasSeenIt()
    {
        await _mirror.EnsureAsync(_first);
        _upstream.Tag("1.0.1");
        await _mirror.EnsureAsync(_first);
        Assert.DoesNotContain("1.0.1", (await _mirror.RefsAsync())!.Tags.Keys);
        await new RefResolver(_temporary / "mirrors")
            .ResolveAsync([new RefRequest("keystone", _upstream.Url, "master")]);
        await _mirror.EnsureAsync(_first);
        Assert.Contains("1.0.1", (await _mirror.RefsAsync())!.Tags.Keys);
    }

    [Fact]
    public async Task AnotherRemoteHasAMirrorOfItsOwn()
    {
        await _mirror.EnsureAsync(_first);
        var fork = new Upstream(_temporary / "fork");
        var commit = fork.Commit("fork");
        fork.Tag("9.0.0");
        var moved = Mirror(fork.Url);
        Assert.Null(await moved.RefsAsync());
        await moved.EnsureAsync(commit);
        Assert.Equal(["9.0.0"], (await moved.RefsAsync())!.Tags.Keys);
        Assert.Equal(["1.0.0"], (await _mirror.RefsAsync())!.Tags.Keys);
    }

    [Fact]
    public async Task AnotherPlaceBehindTheSameUrlReplacesTheRefs()
    {
        await _mirror.EnsureAsync(_first);
        File.WriteAllText(_mirror.Directory / "remote", "https://opendev.org/openstack/keystone");
        _upstream.Tag("2.0.0");
        Assert.Null(await Mirror(_upstream.Url).RefsAsync());
        await Mirror(_upstream.Url).EnsureAsync(_first);
        Assert.Equal(["1.0.0", "2.0.0"], (await Mirror(_upstream.Url).RefsAsync())!.Tags.Keys.Order());
    }

    [Fact]
    public async Task TwoAtOnceMakeOneMirror()
    {
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async x =>
            await Checkout.WriteAsync(Mirror(_upstream.Url), _first, _temporary / $"{x}")));
        Assert.Equal(Noise(1), File.ReadAllText(_temporary / "2" / "big"));
    }

    [Fact]
    public async Task NeitherUrlNorExtensionThatLibgit2RefusesIsInTheConfiguration()
    {
        await _mirror.EnsureAsync(_first);
        var config = File.ReadAllText(_mirror.Directory / "config");
        Assert.DoesNotContain("extensions", config);
        Assert.DoesNotContain("url", config);
    }

    [Theory]
    [InlineData("../etc")]
    [InlineData("-x")]
    [InlineData("")]
    public void NameThatIsNone(string name) =>
        Assert.Throws<ProblemException>(() => new Mirror(_temporary / "mirrors", name, _upstream.Url));

    Mirror Mirror(string url) => new(_temporary / "mirrors", "keystone", url, new NetworkRetry(1, default));

    long PackBytes() =>
        new DirectoryInfo(_mirror.Directory / "objects" / "pack").EnumerateFiles("*.pack").Sum(x => x.Length);

    /// <summary>100 kB that compress to little less than three quarters.</summary>
    static string Noise(int seed)
    {
        var bytes = new byte[50_000];
        new Random(seed).NextBytes(bytes);
        return new string([.. bytes.SelectMany(x => (char[])[(char)(33 + x % 64), (char)(33 + x / 4)])]);
    }
}
