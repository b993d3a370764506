using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Catalog;

public class BindepTests
{
    [Theory]
    [InlineData("a1", true)]
    [InlineData("a1 []", true)]
    [InlineData("a1 [platform:dpkg]", true)]
    [InlineData("a1 [platform:ubuntu]", true)]
    [InlineData("a1 [platform:ubuntu-noble]", true)]
    [InlineData("a1 [platform:ubuntu-jammy platform:ubuntu-noble]", true)]
    [InlineData("a1 [platform:debian]", false)]
    [InlineData("a1 [!platform:ubuntu]", false)]
    [InlineData("a1 [!platform:debian]", true)]
    [InlineData("a1 [platform:dpkg !platform:ubuntu-noble]", false)]
    [InlineData("a1 [cinder]", true)]
    [InlineData("a1 [nova]", false)]
    [InlineData("a1 [nova cinder]", true)]
    [InlineData("a1 [platform:dpkg nova]", false)]
    [InlineData("a1 [platform:debian cinder]", false)]
    [InlineData("a1 [!cinder]", false)]
    [InlineData("a1 [!nova]", true)]
    [InlineData("a1 [(cinder lvm)]", true)]
    [InlineData("a1 [(cinder ceph) (cinder lvm)]", true)]
    [InlineData("a1 [(cinder ceph)]", false)]
    [InlineData("a1 [(cinder !ceph)]", true)]
    [InlineData("a1 [(cinder ceph) nova]", false)]
    [InlineData("a1 [platform:dpkg (cinder lvm platform:ubuntu)]", true)]
    [InlineData("a1 [platform:dpkg (cinder lvm) !lvm]", false)]
    [InlineData("a1 [platform:ubuntu-24.04]", true)]
    [InlineData("a1 [platform:ubuntu-24]", true)]
    [InlineData("a1 [platform:ubuntu-22.04]", false)]
    [InlineData("a1 [platform:base-py3]", true)]
    [InlineData("a1 [platform:base-py2]", false)]
    [InlineData("a1 [(platform:base-py3 cinder)]", true)]
    [InlineData("a1 [!nova!glance]", true)]
    [InlineData("a1 [nova!lvm]", false)]
    public void LineAppliesByBindepsRules(string line, bool applies) =>
        Assert.Equal(applies,
            Parse(line).Single().AppliesTo(BindepPlatform.Of("ubuntu-noble", "cinder", "lvm").Active));

    [Fact]
    public void FileIsReadWithItsComments()
    {
        var lines = Parse("# all\r\nlibpq5   [platform:dpkg]  # PostgreSQL\r\n\r\nlibldap2\t[ ( keystone  ldap ) ]");
        Assert.Equal(["libpq5 [platform:dpkg]", "libldap2 [(keystone ldap)]"], lines.Select(x => x.ToString()));
    }

    [Theory]
    [InlineData("ubuntu-noble", "dpkg base-py3 ubuntu ubuntu-noble ubuntu-24 ubuntu-24.04")]
    [InlineData("ubuntu-24.04", "dpkg base-py3 ubuntu ubuntu-noble ubuntu-24 ubuntu-24.04")]
    [InlineData("debian-trixie", "dpkg base-py3 debian debian-trixie debian-13")]
    [InlineData("debian-13", "dpkg base-py3 debian debian-trixie debian-13")]
    public void APlatformHasTheProfilesThatBindepGivesIt(string name, string profiles) =>
        Assert.Equal(profiles.Split(' ').Select(x => "platform:" + x).Order(StringComparer.Ordinal),
            BindepPlatform.Of(name).Active.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("ubuntu-nobel", "Did you mean 'ubuntu-noble'?")]
    [InlineData("debian-99", "distributions.txt")]
    [InlineData("debian", "distributions.txt")]
    public void ADistributionThatIsNotKnownIsReported(string name, string expected) =>
        Assert.Contains(expected, Assert.Throws<ProblemException>(() => BindepPlatform.Of(name)).Message);

    [Theory]
    [InlineData("a1 [platform:debain]",
        "f:1:1: there is no platform 'platform:debain'; expected a distribution with codename or version as in "
        + "platform:debian-trixie, platform:dpkg. Did you mean 'platform:debian'?")]
    [InlineData("a1 [platform:ubuntu-trixie]",
        "f:1:1: there is no platform 'platform:ubuntu-trixie'; expected a distribution with codename or version as in "
        + "platform:debian-trixie, platform:dpkg")]
    [InlineData("a1 [platform:rpm nova platform:centos-8]", "")]
    [InlineData("a1 # see [1] and [RFC 2119], keystone", "")]
    [InlineData("a1 [nova] # not [keystone]", "")]
    [InlineData("# a1 [keystone]", "")]
    public void APlatformThatCannotBeIsReported(string line, string expected)
    {
        var problems = new List<Problem>();
        Bindep.Parse(line, "f", problems, ["keystone", "nova"]);
        Assert.Equal(expected, string.Join('\n', problems));
    }

    [Fact]
    public void PackageIsNamedOnce() =>
        Assert.Equal(["a1", "b1"],
            Bindep.Select(Parse("a1 [nova]\nb1\na1 [platform:ubuntu]"), BindepPlatform.Of("ubuntu-noble", "nova")));

    [Theory]
    [InlineData("a", "f:1:1: 'a' is not the name of an apt package; expected lower-case letters, digits and + - "
        + ". as in libpython3.12t64")]
    [InlineData("a1 >=2", "f:1:1: '>=2' follows the package; expected a selector in brackets as in [platform:ubuntu]. "
        + "Leave the version out: the archive has one version of a package")]
    [InlineData("a1 [x", "f:1:1: the selector '[x' does not end with ]")]
    [InlineData("a1 [x] y", "f:1:1: the selector '[x] y' does not end with ]")]
    [InlineData("a1 [(x]", "f:1:1: the parentheses in '[(x]' do not match")]
    [InlineData("a1 [(x (y))]", "f:1:1: the parentheses in '[(x (y))]' do not match; expected groups as in (cinder "
        + "lvm), not nested, not empty")]
    [InlineData("a1[x]", "f:1:1: there is no blank between the package and [x]; expected a1 [x]")]
    [InlineData("a1 [! x]",
        "f:1:1: '!' is not a profile; expected lower-case letters, digits and : - . with or without ! before them")]
    [InlineData("a1 # c [keystone]",
        "f:1:8: the selector [keystone] stands in the comment, so 'a1' is for every image; expected a1 [keystone] # …. "
        + "Write it before the comment")]
    [InlineData("a1 # [(nova !cinder)], since 2025.1",
        "f:1:6: the selector [(nova !cinder)] stands in the comment, so 'a1' is for every image; expected a1 [(nova "
        + "!cinder)] # …. Write it before the comment")]
    [InlineData("a1 [X]",
        "f:1:1: 'X' is not a profile; expected lower-case letters, digits and : - . with or without ! before them")]
    public void MistakeIsReported(string line, string expected)
    {
        var problems = new List<Problem>();
        Assert.Empty(Bindep.Parse(line, "f", problems));
        Assert.Equal(expected, Assert.Single(problems).ToString());
    }

    [Fact]
    public void AProfileThatNobodyAsksForIsReported()
    {
        var problems = new List<Problem>();
        var lines = Bindep.Parse("a1 [platform:dpkg nova]\nb1 [(nova cindr)]\nc1 [!biuld]\n", "images/bindep.txt",
            problems, ["base", "build", "cinder", "nova"]);
        Assert.Equal("a1", Assert.Single(lines).Package);
        Assert.Equal(
            [
                "images/bindep.txt:2:1: there is no profile 'cindr'; expected platform:… or one of base, build, "
                + "cinder, nova. Did you mean 'cinder'?",
                "images/bindep.txt:3:1: there is no profile 'biuld'; expected platform:… or one of base, build, "
                + "cinder, nova. Did you mean 'build'?",
            ],
            problems.Select(x => x.ToString()));
    }

    static IReadOnlyList<BindepLine> Parse(string text)
    {
        var problems = new List<Problem>();
        var lines = Bindep.Parse(text, "f", problems);
        Assert.Empty(problems);
        return lines;
    }
}
