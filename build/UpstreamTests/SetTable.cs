using System.Globalization;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.UpstreamTests;

/// <summary>What came of a set of services, for people.</summary>
public static class SetTable
{
    /// <summary>A row for each member.</summary>
    public static TextTable OfMembers(IEnumerable<SetResult> results) => new(
        ["", "member", "of", "ready after", "right answers"],
        [.. results.SelectMany(x => x.Set.Members.Select(y =>
            RowOf(x, y, [.. x.Start.Answers.Where(z => z.Member == y)])))]);

    static string[] RowOf(SetResult result, SetMember member, IReadOnlyList<SetAnswer> answers) =>
    [
        answers.All(x => x.Holds) ? "ok" : "FAIL", member.Name, $"{member.Image} {result.Set.Release}",
        result.Start.Times.Where(x => x.Member == member).Select(x => Seconds(x.Time)).FirstOrDefault(""),
        answers.Count == 0 ? "" : $"{answers.Count(x => x.Holds)} of {answers.Count}",
    ];

    static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
