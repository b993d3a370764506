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
    [InlineData("a1 [!heat]\n", "a1\n")]
    [InlineData("a1 [!heat] # why\n", "a1 # why\n")]
    [InlineData("a1   [platform:dpkg !heat]\n", "a1   [platform:dpkg]\n")]
    [InlineData("a1 [!heat nova]\n", "a1 [nova]\n")]
    [InlineData("a1 [heat !nova]\nb1\n", "b1\n")]
    [InlineData("a1 [(nova !heat)]\n", "a1 [nova]\n")]
    [InlineData("a1 [(nova lvm !heat)]\n", "a1 [(nova lvm)]\n")]
    [InlineData("a1 [(platform:dpkg !heat)]\n", "a1 [(platform:dpkg)]\n")]
    [InlineData("a1 [(!heat) nova]\n", "a1\n")]
    [InlineData("a1 [(!heat) nova !cinder]\n", "a1 [!cinder]\n")]
    [InlineData("a1 [(!heat !nova) cinder]\n", "a1 [(!nova) cinder]\n")]
    [InlineData("a1 [(heat nova) (cinder heat)]\nb1\n", "b1\n")]
    [InlineData("a1 [nova] # [heat]\n", "a1 [nova] # [heat]\n")]
    [InlineData("a1 [heat-engine nova]\n", "a1 [heat-engine nova]\n")]
    [InlineData("# heat [heat]\n\n# Mail\na1 [heat]\n\n# More\nb1 [nova]\n", "# heat [heat]\n\n# More\nb1 [nova]\n")]
    public void ProfileGoesAndNothingElse(string text, string expected) =>
        Assert.Equal(expected, BindepText.WithoutProfile(text, "heat"));

    [Fact]
    public void WhoeverIsLeftGetsThePackagesOfBefore()
    {
        var lines = new BindepLines(7);
        for (var i = 0; i < 5_000; i++)
        {
            var line = lines.Next();
            var active = lines.Profiles().Where(x => x != "nova").ToHashSet();
            Assert.Equal(Applies(line, active), Applies(BindepText.WithoutProfile(line, "nova"), active));
            Assert.DoesNotContain("nova", BindepText.WithoutProfile(line, "nova")
                .Replace("nova-compute", "", StringComparison.Ordinal));
        }
    }

    static bool Applies(string text, HashSet<string> active) =>
        Bindep.Parse(text, "f", []).Any(x => x.AppliesTo(active));
}
