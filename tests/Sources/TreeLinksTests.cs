using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public class TreeLinksTests
{
    [Theory]
    [InlineData("keystone/up -> ../setup.cfg", true)]
    [InlineData("keystone/up -> ../../setup.cfg", false)]
    [InlineData("up -> a/../../x", false)]
    [InlineData("up -> /etc/passwd", false)]
    [InlineData("up -> .git/config", false)]
    [InlineData("up -> .GIT/config", false)]
    [InlineData("up -> ./a//b", true)]
    [InlineData("up -> ", true)]
    [InlineData("up -> up", true)]
    [InlineData("up -> d/../x; d -> .", false)]
    [InlineData("up -> d/../x; d -> a/b", true)]
    [InlineData("up -> d/../../x; d -> a/b", true)]
    [InlineData("up -> d/x; d -> e; e -> ..", false)]
    [InlineData("up -> d/x; d -> /", false)]
    [InlineData("a/up -> d/x; a/d -> ../..", false)]
    [InlineData("up -> a/up; a/up -> ../up", true)]
    public void LinksAreJudgedByWhereTheyEnd(string links, bool stays)
    {
        var targets = links.Split("; ").Select(x => x.Split(" -> ")).ToDictionary(x => x[0], x => x[1]);
        Assert.Equal(stays, new TreeLinks(targets).IsSound(targets.Keys.First()));
    }
}
