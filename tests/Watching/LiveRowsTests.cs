using OpenStack.Diagnostics;
using OpenStack.Watching;

namespace OpenStack.Tests.Watching;

public sealed class LiveRowsTests
{
    static readonly IReadOnlyList<WorkState> s_states =
    [
        new("BuildService", TimeSpan.FromSeconds(83)),
        new("[keystone-2025_1 build 2/3] RUN install-service /src", TimeSpan.FromSeconds(12), "Looking in links"),
        new("[python-base 1/2] FROM ubuntu", TimeSpan.FromSeconds(4))
        {
            Moved = 38_000_000, Expected = 121_000_000, Rate = 11e6,
        },
        new("too short to be seen", TimeSpan.FromSeconds(0.2)),
        new("日本語の名前", TimeSpan.FromSeconds(4), "[bold]\tof\e[2J it"),
    ];

    [Fact]
    public void EachIsARowAndWhatDoesNotFitIsCut() => Assert.Equal("""
        BuildService                              1 min 23 s
          [keystone-2025_1 build 2/3] RUN insta…        12 s                         Looking in links
          [python-base 1/2] FROM ubuntu                  4 s  38 of 121 MB, 11 MB/s
          日本語の名前                                   4 s                         [bold] of [2J it

        """, new LiveRows(hasColours: false).Of(s_states, 104, 24));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(30)]
    [InlineData(79)]
    [InlineData(300)]
    public void NoRowIsWiderThanTheTerminal(int width)
    {
        var rows = new LiveRows(hasColours: false).Of(s_states, width, 24).Split('\n')[..^1];
        Assert.Equal(4, rows.Length);
        // Two columns for what is Japanese.
        Assert.All(rows, x => Assert.InRange(x.Sum(y => y is > '\u2E80' ? 2 : 1), 0, Math.Max(1, width - 1)));
    }

    [Theory]
    [InlineData(24, 4)]
    [InlineData(5, 3)]
    [InlineData(1, 1)]
    public void RowsThatDoNotFitAreCounted(int height, int rows)
    {
        var text = new LiveRows(hasColours: false).Of(s_states, 80, height).Split('\n')[..^1];
        Assert.Equal(rows, text.Length);
        Assert.Equal(rows < 4, text[^1].EndsWith($"and {5 - rows} more", StringComparison.Ordinal));
    }

    [Fact]
    public void ColoursAreLeftOutWhereNobodyWantsThem()
    {
        Assert.Contains("\e[", new LiveRows(hasColours: true).Of(s_states, 80, 24), StringComparison.Ordinal);
        Assert.DoesNotContain("\e", new LiveRows(hasColours: false).Of(s_states, 80, 24), StringComparison.Ordinal);
        Assert.Equal("", new LiveRows(hasColours: true).Of([], 80, 24));
    }

    /// <summary>Rows that are as they were are not laid out again; others are, also in another width.</summary>
    [Fact]
    public void RowsFollowWhatIsUnderWay()
    {
        var rows = new LiveRows(hasColours: false);
        var before = rows.Of(s_states, 80, 24);
        Assert.Same(before, rows.Of(s_states, 80, 24));
        Assert.NotEqual(before, rows.Of(s_states, 60, 24));
        Assert.NotEqual(before, rows.Of([s_states[0] with { Elapsed = TimeSpan.FromSeconds(84) }, .. s_states.Skip(1)],
            80, 24));
    }
}
