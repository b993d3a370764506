using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Tests.Oci;

public sealed class PlatformNameTests
{
    [Theory]
    [InlineData("linux/arm64 linux/amd64", "linux/amd64 linux/arm64")]
    [InlineData("linux/amd64 linux/arm64/v8 linux/arm64", "linux/amd64 linux/arm64")]
    [InlineData("linux/arm/v7", "linux/arm/v7")]
    public void PlatformsAreInOneOrderAndEachOnce(string asked, string selected) =>
        Assert.Equal(selected.Split(' '), PlatformName.Select(asked.Split(' ')));

    [Fact]
    public void TheMachinesOwnIsTheDefault() => Assert.Equal([PlatformName.Native], PlatformName.Select([]));

    [Fact]
    public void EveryNameThatIsNoneIsTold()
    {
        var problem = Assert.Throws<ProblemException>(() =>
            PlatformName.Select(["amd64", "linux/amd64", "windows/amd64", "linux/amd64,linux/arm64", "../x"]));
        Assert.Equal(4, problem.Problems.Count);
        Assert.Contains("'linux/amd64,linux/arm64' is no platform", problem.Message, StringComparison.Ordinal);
    }
}
