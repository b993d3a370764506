using OpenStack.Diagnostics;
using OpenStack.Holdings;

namespace OpenStack.Tests.Holdings;

/// <summary>What is asked, and what it is asked of.</summary>
public sealed class QuestionTests
{
    [Theory]
    [InlineData("oslo.messaging", "<16.1.1", "pypi/oslo-messaging", "oslo.messaging", "16.1.0", true)]
    [InlineData("Oslo_Messaging", "<16.1.1", "pypi/oslo-messaging", "oslo.messaging", "16.1.1", false)]
    [InlineData("oslo.messaging", ">=16,<16.1.1", "pypi/oslo-messaging", "oslo.messaging", "15.9", false)]
    [InlineData("pkg:pypi/oslo-messaging@16.1.0", null, "pypi/oslo-messaging", "oslo.messaging", "16.1.0", true)]
    [InlineData("openssl", "<3.5.4-1~deb13u2", "deb/debian/openssl", "openssl", "3.5.4-1~deb13u1", true)]
    [InlineData("openssl", "<3.5.4-1~deb13u2", "deb/debian/openssl", "openssl", "3.5.4-1", false)]
    [InlineData("pkg:deb/debian/openssl", "!=1:1", "deb/debian/openssl", "openssl", "1:1", false)]
    [InlineData("zlib", "==1.3.1", "generic/zlib", "zlib", "1.3.1", true)]
    [InlineData("thing", "<2", "generic/thing", "thing", "2024-x", null)]
    [InlineData("openssl", "~=3.0", "deb/debian/openssl", "openssl", "3.0", null)]
    public void VersionsAreComparedInTheOrderOfTheirKind(
        string package, string? versions, string key, string name, string version, bool? expected)
    {
        var question = Question.Of(package, versions, Nothing);
        var component = new HeldComponent(key, name, version, null, null, "", []);
        Assert.True(question.IsPackage(component));
        Assert.Equal(expected, question.IsVersion(component));
    }

    [Theory]
    [InlineData("openssl", "pypi/pyopenssl", "pyOpenSSL")]
    [InlineData("pkg:deb/ubuntu/openssl", "deb/debian/openssl", "openssl")]
    public void AnotherPackageIsNotMeant(string package, string key, string name) =>
        Assert.False(Question.Of(package, null, Nothing).IsPackage(new(key, name, "1", null, null, "", [])));

    [Fact]
    public void MistakesAreSaidAtOnce()
    {
        var problem = Assert.Throws<ProblemException>(() => Question.Of(null, "<<1, 2 3", new Dictionary<string,
            Func<Change>?>
        {
            ["--cve"] = () => Change.OfVulnerability("CVE-2026-1"),
            ["--commit"] = () => Change.OfCommit("0123456"),
            ["--patch"] = null,
        }));
        Assert.Equal(
        [
            "--cve and --commit are asked at once", "--version says of no package which one is meant",
            "--version has '<<1'", "--version has '2 3'",
        ], problem.Problems.Select(x => x.Found));
        Assert.Contains("nothing is asked", Assert.Throws<ProblemException>(() => Question.Of(null, null, Nothing))
            .Message, StringComparison.Ordinal);
        Assert.Contains("--commit has 'main'", Assert.Throws<ProblemException>(() => Change.OfCommit("main")).Message,
            StringComparison.Ordinal);
    }

    static Dictionary<string, Func<Change>?> Nothing => new() { ["--cve"] = null };
}
