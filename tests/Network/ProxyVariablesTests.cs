using OpenStack.Network;

namespace OpenStack.Tests.Network;

public sealed class ProxyVariablesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("HTTPS_PROXY=http://p:1", "HTTPS_PROXY=HTTPS_PROXY https_proxy=HTTPS_PROXY")]
    [InlineData("https_proxy=http://p:1 HTTPS_PROXY=http://q:1", "HTTPS_PROXY=https_proxy https_proxy=https_proxy")]
    [InlineData("https_proxy= NO_PROXY=localhost", "NO_PROXY=NO_PROXY no_proxy=NO_PROXY")]
    public void StepsHaveBothSpellings(string environment, string expected) => Assert.Equal(expected,
        string.Join(' ', ProxyVariables.Set(Variable(environment)).Select(x => $"{x.Key}={x.Value}")
            .Order(StringComparer.Ordinal)));

    [Theory]
    [InlineData("https_proxy=http://p:1", false)]
    [InlineData("https_proxy=http://user:secret@p:1", true)]
    [InlineData("no_proxy=a@b", false)]
    public void APasswordIsSeen(string environment, bool expected) =>
        Assert.Equal(expected, ProxyVariables.HaveCredentials(Variable(environment)));

    static Func<string, string?> Variable(string environment)
    {
        var values = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(x => x.Split('=', 2))
            .ToDictionary(x => x[0], x => x[1]);
        return values.GetValueOrDefault;
    }
}
