using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenStack.Updates;

/// <summary>
/// A tag of one to four numbers, as images, programs and actions have them: <c>v4</c>, <c>0.9</c>, <c>v4.2.1</c>.
/// Pre-releases are none.
/// </summary>
sealed partial record VersionTag(string Name, IReadOnlyList<int> Numbers) : IComparable<VersionTag>
{
    public static VersionTag? TryParse(string name)
    {
        var match = Pattern().Match(name);
        return match.Success
            ? new VersionTag(name,
                [.. match.Groups["n"].Captures.Select(x => int.Parse(x.Value, CultureInfo.InvariantCulture))])
            : null;
    }

    /// <summary>
    /// The highest of some tags that say at least as much as this one; null where it is no higher, as far as this one
    /// goes.
    /// </summary>
    public VersionTag? NewerIn(IEnumerable<string> tags) =>
        tags.Select(TryParse).OfType<VersionTag>().Where(x => x.Numbers.Count >= Numbers.Count).Max() is { } highest
            && highest.Take(Numbers.Count).CompareTo(this) > 0
            ? highest
            : null;

    /// <summary>As many numbers of it: two of <c>v4.2.1</c> are <c>v4.2</c>.</summary>
    public VersionTag Take(int count) =>
        new($"{(Name[0] == 'v' ? "v" : "")}{string.Join('.', Numbers.Take(count))}", [.. Numbers.Take(count)]);

    public int CompareTo(VersionTag? other) =>
        other is null ? 1 : Enumerable.Range(0, Math.Max(Numbers.Count, other.Numbers.Count))
            .Select(i => Numbers.ElementAtOrDefault(i).CompareTo(other.Numbers.ElementAtOrDefault(i)))
            .FirstOrDefault(x => x != 0);

    [GeneratedRegex(@"^v?(?<n>[0-9]{1,9})(?:\.(?<n>[0-9]{1,9})){0,3}\z")]
    private static partial Regex Pattern();
}
