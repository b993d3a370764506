namespace OpenStack.Updates;

/// <summary>Which builds are kept: those that are young, and the newest of each line however old they are.</summary>
/// <param name="Days">How long every build is kept, by the date of its commit.</param>
/// <param name="Builds">How many builds of each line are kept beyond that.</param>
/// <param name="Now">When it is.</param>
/// <param name="Commits">Dates of this repository's commits, by full id.</param>
public sealed record RetentionRule(int Days, int Builds, DateTimeOffset Now,
    IReadOnlyDictionary<string, DateTimeOffset> Commits)
{
    /// <summary>
    /// The tags that may go. A build of a commit that this clone does not know is kept: it may be of a branch that was
    /// not fetched, and of a shallow clone it is nearly every one.
    /// </summary>
    public IReadOnlyList<string> Expired(IEnumerable<string> tags)
    {
        var dates = Commits.GroupBy(x => x.Key[..7])
            .Where(x => x.Count() == 1)
            .ToDictionary(x => x.Key, x => x.Single().Value);
        return
        [
            .. tags.Select(BuildTag.Parse).OfType<BuildTag>()
                .Select(x => (Tag: x, Known: dates.TryGetValue(x.Commit[..7], out var date), Date: date))
                .Where(x => x.Known)
                .GroupBy(x => x.Tag.Line)
                .SelectMany(line =>
                {
                    var newest = line.Select(x => x.Tag.Commit[..7])
                        .Distinct()
                        .OrderByDescending(x => dates[x])
                        .ThenBy(x => x, StringComparer.Ordinal)
                        .Take(Builds)
                        .ToHashSet();
                    return line.Where(x => !newest.Contains(x.Tag.Commit[..7]) && x.Date < Now.AddDays(-Days));
                })
                .Select(x => x.Tag.Name)
                .Order(StringComparer.Ordinal),
        ];
    }
}
