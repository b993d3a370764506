using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.NativePackages;
using OpenStack.Processes;

namespace OpenStack.Tests.NativePackages;

/// <summary>Versions in the words of each format, and in the order that PEP 440 gives them.</summary>
public sealed class PackageVersionTests
{
    [Theory]
    [InlineData("31.3.1", 2, 1, "31.3.1-p2.1", "31.3.1", "p2.1", "31.3.1_p2-r1")]
    [InlineData("31.3.1", 0, 12, "31.3.1-p0.12", "31.3.1", "p0.12", "31.3.1_p0-r12")]
    [InlineData("32.0.0.0rc1", 0, 1, "32.0.0~rc1-p0.1", "32.0.0~rc1", "p0.1", "32.0.0_rc1_p0-r1")]
    [InlineData("32.0.0.0b3", 1, 1, "32.0.0~b3-p1.1", "32.0.0~b3", "p1.1", "32.0.0_beta3_p1-r1")]
    [InlineData("2026.1", 0, 1, "2026.1.0-p0.1", "2026.1.0", "p0.1", "2026.1.0_p0-r1")]
    [InlineData("31.3.0.1", 0, 1, "31.3.0.1-p0.1", "31.3.0.1", "p0.1", "31.3.0.1_p0-r1")]
    [InlineData("32.0.0a1", 0, 1, "32.0.0~a1-p0.1", "32.0.0~a1", "p0.1", "32.0.0_alpha1_p0-r1")]
    [InlineData("32.0.0rc1.dev7", 0, 1, "32.0.0~rc1~dev7-p0.1", "32.0.0~rc1~dev7", "p0.1",
        "32.0.0_rc1_alpha7_p0-r1")]
    [InlineData("32.0.1.dev43", 3, 1, "32.0.1~~dev43-p3.1", "32.0.1~~dev43", "p3.1",
        "32.0.1_alpha0_alpha0_alpha43_p3-r1")]
    public void EachFormatHasItsOwnWords(string python, int patches, int revision, string debian, string rpm,
        string release, string apk)
    {
        var version = Version(python, patches, revision);
        Assert.Equal((debian, rpm, release, apk),
            (version.Debian, version.Rpm.Version, version.Rpm.Release, version.Apk));
    }

    [Theory]
    [InlineData("31.3.1+acme.2", "31.3.1+~~acme.2-p0.1", "31.3.1^acme.2")]
    [InlineData("31.3.1.post1", "31.3.1+post1-p0.1", "31.3.1.post1")]
    [InlineData("1!31.3.1", "1:31.3.1-p0.1", "31.3.1")]
    public void ApkSaysWhatItHasNoWordsFor(string python, string debian, string rpm)
    {
        var version = Version(python, 0, 1);
        Assert.Equal((debian, rpm), (version.Debian, version.Rpm.Version));
        var problem = Assert.Throws<ProblemException>(() => version.Apk);
        Assert.Contains($"apk has no way to write the version {python}", problem.Message, StringComparison.Ordinal);
    }

    /// <summary>From the lowest to the highest: what PEP 440 says, and patches and revisions within it.</summary>
    static readonly PackageVersion[] s_ordered =
    [
        Version("9.9.9", 12, 1), Version("31.3.0.dev4", 0, 1), Version("31.3.0.dev10", 0, 1),
        Version("31.3.0a0.dev3", 0, 1), Version("31.3.0a0", 0, 1), Version("31.3.0a1", 0, 1),
        Version("31.3.0b1.dev2", 0, 1), Version("31.3.0b1", 0, 1), Version("31.3.0b2", 0, 1),
        Version("31.3.0b10", 0, 1), Version("31.3.0rc1.dev1", 0, 1), Version("31.3.0rc1", 0, 1),
        Version("31.3.0rc1", 1, 1), Version("31.3.0rc2", 0, 1), Version("31.3.0", 0, 1), Version("31.3.0", 0, 2),
        Version("31.3.0", 0, 10), Version("31.3.0", 1, 1), Version("31.3.0", 2, 1), Version("31.3.0", 10, 1),
        Version("31.3.0+acme", 0, 1), Version("31.3.0+acme.1", 0, 1), Version("31.3.0+1", 0, 1),
        Version("31.3.0+1.1", 3, 1), Version("31.3.0.post1.dev2", 0, 1), Version("31.3.0.post1", 0, 1),
        Version("31.3.0.1", 0, 1), Version("31.3.1", 0, 1), Version("31.3.10", 0, 1), Version("31.20.0", 0, 1),
        Version("32.0.0.0b1", 0, 1), Version("32.0.0.0rc1", 0, 1), Version("32.0.0", 0, 1), Version("100.0.0", 0, 1),
    ];

    [Fact]
    public void TheTableIsOrderedAsPep440Says() =>
        Assert.Equal(s_ordered, s_ordered.OrderBy(x => x.Python).ThenBy(x => x.Patches).ThenBy(x => x.Revision));

    [Fact]
    public async Task DpkgOrdersThemSo()
    {
        foreach (var (lower, higher) in Pairs(s_ordered.Select(x => x.Debian)))
        {
            var compared = await new Command("dpkg", "--compare-versions", lower, "lt", higher).RunAsync();
            Assert.True(compared.Succeeded && compared.Error.Length == 0, $"{lower} is not before {higher}");
        }
    }

    [Fact]
    public void RpmOrdersThemSo()
    {
        foreach (var (lower, higher) in Pairs(s_ordered.Select(x => x.Rpm)))
            Assert.True(VersionOrders.Rpm(lower.Version, higher.Version) is var order
                && (order < 0 || (order == 0 && VersionOrders.Rpm(lower.Release, higher.Release) < 0)),
                $"{lower} is not before {higher}");
    }

    [Fact]
    public void ApkOrdersThemSo()
    {
        var said = s_ordered.Where(x => x.Python.Local is null && x.Python.Post is null).Select(x => x.Apk).ToList();
        Assert.All(said, x => Assert.True(VersionOrders.IsApk(x), $"{x} is no version of apk"));
        foreach (var (lower, higher) in Pairs(said))
            Assert.True(VersionOrders.Apk(lower, higher) < 0, $"{lower} is not before {higher}");
    }

    [ApkFact]
    public async Task ApkItselfOrdersThemSo()
    {
        var said = s_ordered.Where(x => x.Python.Local is null && x.Python.Post is null).Select(x => x.Apk).ToList();
        Assert.Empty((await new Command("apk", ["version", "--check", .. said]).RequireAsync()).Text);
        // Each with the next: that the rest follows is what the other test is for.
        foreach (var (lower, higher) in said.Zip(said.Skip(1)))
            Assert.Equal("<", (await new Command("apk", "version", "--test", lower, higher).RequireAsync()).Text);
    }

    /// <summary>The comparisons themselves, on what the manuals of rpm and apk have as examples.</summary>
    [Fact]
    public void TheOrdersAreThoseOfTheirManuals()
    {
        foreach (var (lower, higher) in Pairs(["1.0~~dev1", "1.0~rc1", "1.0", "1.0^git1", "1.0.1", "1.0.2a",
            "1.0.2.1"]))
            Assert.True(VersionOrders.Rpm(lower, higher) < 0, $"{lower} is not before {higher}");
        foreach (var (lower, higher) in Pairs(["1.1_alpha1", "1.1_beta", "1.1_rc1-r0", "1.1", "1.1-r1", "1.1_p1",
            "1.1.1", "1.10", "2.0"]))
            Assert.True(VersionOrders.Apk(lower, higher) < 0, $"{lower} is not before {higher}");
        Assert.False(VersionOrders.IsApk("1.0~rc1"));
        Assert.False(VersionOrders.IsApk("1.0+acme"));
    }

    static PackageVersion Version(string python, int patches, int revision) =>
        new(PythonVersion.Parse(python), patches, revision);

    static IEnumerable<(T Lower, T Higher)> Pairs<T>(IEnumerable<T> ordered)
    {
        var list = ordered.ToList();
        return Enumerable.Range(0, list.Count).SelectMany(x => Enumerable.Range(x + 1, list.Count - x - 1),
            (x, y) => (list[x], list[y]));
    }
}
