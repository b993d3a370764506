using OpenStack.Catalog;

namespace OpenStack.Tests.Catalog;

public class BindepTextTests
{
    [Theory]
    [InlineData("a1 [heat]\n", "\n")]
    [InlineData("a1 [heat nova]\n", "a1 [nova]\n")]
    [InlineData("a1 [nova heat]\n", "a1 [nova]\n")]
    [InlineData("a1 [nova heat cinder] # why\n", "a1 [nova cinder] # why\n")]
    [InlineData("a1 [platform:dpkg heat]\nb1\n", "b1\n")]
    [InlineData("a1 [platform:dpkg nova heat]\n", "a1 [platform:dpkg nova]\n")]
    [InlineData("a1 [(heat lvm) (nova lvm)]\n", "a1 [(nova lvm)]\n")]
    [InlineData("a1 [(lvm heat)]\nb1\n", "b1\n")]
    [InlineData("a1 [heat-engine nova]\n", "a1 [heat-engine nova]\n")]
    [InlineData("# heat [heat]\n\n# Mail\na1 [heat]\n\n# More\nb1 [nova]\n", "# heat [heat]\n\n# More\nb1 [nova]\n")]
    public void ProfileGoesAndNothingElse(string text, string expected) => Assert.Equal(expected, BindepText.WithoutProfile(text, "heat"));
}
