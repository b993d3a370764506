using OpenStack.Catalog;

namespace OpenStack.Sources;

/// <summary>What takes the place of a ref that is gone.</summary>
/// <param name="Refs">The best first.</param>
/// <param name="Because">Why that is not a guess: <c>2025.1 (Epoxy) is unmaintained since 2026-10-02</c>.</param>
public sealed record RefSuccessors(IReadOnlyList<string> Refs, string Because)
{
    const string Heads = "refs/heads/";

    /// <summary>
    /// Those of the branch of a series that is no longer maintained: the branch under its later name, and the tags
    /// where it ended. Null of any other ref, and as long as nothing says that the series has got so far.
    /// </summary>
    /// <param name="seriesOf">What is recorded of a release; null where nothing is.</param>
    public static RefSuccessors? Of(string reference, Func<string, Series?> seriesOf, DateOnly today)
    {
        var name = reference.StartsWith(Heads, StringComparison.Ordinal) ? reference[Heads.Length..] : reference;
        if (name.Split('/') is not [_, var release] || seriesOf(release) is not { } series
            || series.On(today) is not { Status: >= SeriesStatus.Unmaintained } phase)
            return null;
        var names = SeriesBranch.NamesOf(release);
        return !names.Contains(name) ? null : new RefSuccessors(
            [.. names.SkipWhile(x => x != name).Skip(1), .. SeriesBranch.EndsOf(release, series.Codename)],
            $"{release} ({series.Title}) is {phase.Now}");
    }
}
