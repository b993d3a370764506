using OpenStack.Packages;
using OpenStack.Processes;

namespace OpenStack.Tests.Packages;

/// <summary>The order of versions, as dpkg itself has it.</summary>
public sealed class DebianVersionTests
{
    static readonly string[] s_versions =
    [
        "1.0", "1.0-1", "1.0-0", "1:0.1", "0:1.0", "1.0~rc1", "1.0~~", "1.0+deb13u1-2", "1.0.1", "1.0a",
        "1.0-1~bpo12+1", "1.00", "10", "9", "3.0.17-1~deb12u2", "3.0.17-1~deb12u10",
        "2.41-12+deb13u4", "2.41-12", "1.0-1-1", "1.0.-1",
        "1.0+b1", "1.0z", "1.0-01",
    ];

    [Fact]
    public async Task AllPairsAreAsDpkgComparesThem()
    {
        // One process for all: it says of each pair what it is.
        var pairs = s_versions.SelectMany(_ => s_versions, (x, y) => (A: x, B: y)).ToList();
        var said = await new Command("perl", "-MDpkg::Version=version_compare", "-ne",
            """chomp; my ($a, $b) = split / /; print version_compare($a, $b), "\n";""")
        { Input = string.Concat(pairs.Select(x => $"{x.A} {x.B}\n")) }.RunAsync();
        var expected = said.Succeeded ? said.Lines.Select(int.Parse).ToList() : await OneByOneAsync(pairs);
        Assert.Equal(pairs.Zip(expected, (x, order) => $"{x.A} {x.B} {order}"),
            pairs.Select(x => $"{x.A} {x.B} {Math.Sign(DebianVersion.Compare(x.A, x.B))}"));
    }

    static async Task<List<int>> OneByOneAsync(IEnumerable<(string A, string B)> pairs)
    {
        var orders = new List<int>();
        foreach (var (a, b) in pairs)
            orders.Add((await new Command("dpkg", "--compare-versions", a, "lt", b).RunAsync()).Succeeded ? -1
                : (await new Command("dpkg", "--compare-versions", a, "gt", b).RunAsync()).Succeeded ? 1 : 0);
        return orders;
    }
}
