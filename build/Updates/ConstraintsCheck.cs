using OpenStack.Constraints;

namespace OpenStack.Updates;

/// <summary>A pin that two versions of the upper constraints do not agree on.</summary>
/// <param name="From">Null where it is new.</param>
/// <param name="To">Null where it is gone.</param>
/// <param name="IsOverridden">Whether an override is about it: it may be obsolete now, or wrong.</param>
public sealed record PinChange(string Name, string? From, string? To, bool IsOverridden);

/// <summary>Compares the upper constraints of a release with those of openstack/requirements.</summary>
public static class ConstraintsCheck
{
    /// <summary>Name of the repository.</summary>
    public const string Repository = "requirements";

    /// <summary>Its file.</summary>
    public const string File = "upper-constraints.txt";

    /// <summary>
    /// The pins that differ, sorted by name. Spelling is no difference, the order of lines and comments neither.
    /// </summary>
    public static IReadOnlyList<PinChange> Compare(UpperConstraints ours, UpperConstraints theirs,
        ConstraintOverrides? overrides)
    {
        var (before, after) = (VersionsOf(ours), VersionsOf(theirs));
        var overridden = (overrides?.Items ?? []).Select(x => x.Key).ToHashSet();
        return [.. before.Keys.Union(after.Keys)
            .Select(x => (Key: x, From: before.GetValueOrDefault(x), To: after.GetValueOrDefault(x)))
            .Where(x => x.From.Versions != x.To.Versions)
            .Select(x =>
                new PinChange(x.To.Name ?? x.From.Name, x.From.Versions, x.To.Versions, overridden.Contains(x.Key)))
            .OrderBy(x => x.Name, StringComparer.OrdinalIgnoreCase)];
    }

    public static Finding Judge(string release, string file, string branch, string commit,
        IReadOnlyList<PinChange> changes)
    {
        var finding = new Finding(Subject.Constraints, release, Repository, File, FindingState.Current, File: file)
        {
            Id = commit,
        };
        if (changes.Count == 0) return finding;
        var overridden = changes.Where(x => x.IsOverridden).Select(x => x.Name).ToList();
        return finding with
        {
            State = FindingState.Outdated,
            Newest = $"{branch} {commit[..10]}",
            Detail = $"{changes.Count} {(changes.Count == 1 ? "pin differs" : "pins differ")}"
                + (overridden.Count == 0 ? "" : $", overridden: {string.Join(", ", overridden)}"),
        };
    }

    static Dictionary<PythonName, (string Name, string Versions)> VersionsOf(UpperConstraints constraints) =>
        constraints.Pins
            .GroupBy(x => x.Key)
            .ToDictionary(x => x.Key, x =>
                (x.First().Name, string.Join(" or ", x.Select(y => y.VersionAndMarker).Order(StringComparer.Ordinal))));
}
