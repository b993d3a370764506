using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Tests.Catalog;

public class NamesTests
{
    [Theory]
    [InlineData("27.0.2")]
    [InlineData("1.0.0.0rc1")]
    [InlineData("v3.4.6")]
    [InlineData("stable/2025.1")]
    [InlineData("feature/foo_bar+x")]
    [InlineData("refs/changes/12/345612/3")]
    [InlineData("2025.1-eol")]
    [InlineData("b896b71557ce")]
    public void RefIsAdmitted(string name) => Assert.Equal(name, Names.Ref.Require(name));

    [Theory]
    [InlineData("")]
    [InlineData("-x")]
    [InlineData("--upload-pack=x")]
    [InlineData("a b")]
    [InlineData("a?b")]
    [InlineData("a[b")]
    [InlineData("a\u007fb")]
    [InlineData("a/b..c")]
    [InlineData("../a")]
    [InlineData("a\nb")]
    [InlineData("a..b")]
    [InlineData("a@{1}")]
    [InlineData("@")]
    [InlineData("a~1")]
    [InlineData("a^")]
    [InlineData("a:b")]
    [InlineData("a\\b")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("a/.b")]
    [InlineData("a.lock")]
    [InlineData("a.lock/b")]
    [InlineData("a.")]
    [InlineData("a*")]
    public void RefIsRefused(string name) => Assert.Throws<ProblemException>(() => Names.Ref.Require(name));

    [Theory]
    [InlineData("2025.1", true)]
    [InlineData("2026.2", true)]
    [InlineData("2025", false)]
    [InlineData("epoxy", false)]
    [InlineData("../..", false)]
    [InlineData("2025.1\n", false)]
    [InlineData("2025/1", false)]
    public void ReleaseIsYearAndNumber(string name, bool admitted) =>
        Assert.Equal(admitted, Names.Release.Admits(name));

    [Theory]
    [InlineData("oslo.messaging", true)]
    [InlineData("glance_store", true)]
    [InlineData("python-novaclient", true)]
    [InlineData("Nova", false)]
    [InlineData("..", false)]
    [InlineData("a/b", false)]
    [InlineData("nova-", false)]
    [InlineData("", false)]
    public void ComponentIsLowerCase(string name, bool admitted) =>
        Assert.Equal(admitted, Names.Component.Admits(name));

    [Fact]
    public void ControlCharactersDoNotReachTheTerminal() =>
        Assert.Contains(@"'a\x1b[31m'", Names.Component.Check("a\u001b[31m")!.ToString(), StringComparison.Ordinal);
}
