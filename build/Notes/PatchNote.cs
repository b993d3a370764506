using System.Text.Json.Serialization;
using OpenStack.Holdings;
using OpenStack.Sources;

namespace OpenStack.Notes;

enum PatchChange
{
    [JsonStringEnumMemberName("added")] Added,
    [JsonStringEnumMemberName("removed")] Removed,

    /// <summary>Another text of the same change.</summary>
    [JsonStringEnumMemberName("changed")] Changed,
}

/// <summary>What became of a patch.</summary>
/// <param name="Component">That it is of.</param>
/// <param name="Name">Of its file.</param>
/// <param name="Subject">Empty where nobody says it.</param>
/// <param name="Vulnerabilities">CVE and OSSA ids that it names.</param>
/// <param name="Bugs">Bugs on Launchpad that it closes.</param>
sealed record PatchNote(string Component, string Name, PatchChange Change, string Subject,
    IReadOnlyList<string> Vulnerabilities, IReadOnlyList<long> Bugs)
{
    /// <summary>Of one that was removed: whether the source has its change now; null where nobody can tell.</summary>
    public bool? IsInSource { get; init; }

    /// <summary>What tells that, or why nobody can.</summary>
    public string? Because { get; init; }

    public static PatchNote Of(HeldComponent component, HeldPatch patch, PatchChange change)
    {
        var header = patch.Header;
        return new PatchNote(component.Name, patch.Name, change, header.Subject, VulnerabilitiesOf(patch),
            [.. header.Bugs.Where(x => x.Relation == BugRelation.Closes).Select(x => x.Number)
                .Union(patch.Resolves.Select(x => long.TryParse(x, out var bug) ? bug : 0).Where(x => x > 0))]);
    }

    public static IReadOnlyList<string> VulnerabilitiesOf(HeldPatch patch) =>
        [.. patch.Resolves.Where(x => !x.All(char.IsAsciiDigit)).Union(patch.Header.Vulnerabilities,
            StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal)];

    /// <summary>
    /// The patches that came, went and are others: what has the same text is the same patch, whatever it is called, and
    /// of the others what has the same name or Change-Id is the same change.
    /// </summary>
    public static IEnumerable<(HeldPatch Patch, PatchChange Change)> Compare(
        IReadOnlyList<HeldPatch> before, IReadOnlyList<HeldPatch> after)
    {
        var (old, @new) = (before.ToList(), after.ToList());
        IEnumerable<HeldPatch> Take(Func<HeldPatch, HeldPatch, bool> isSame)
        {
            foreach (var patch in @new.ToList())
            {
                if (old.Find(x => isSame(x, patch)) is not { } other) continue;
                old.Remove(other);
                @new.Remove(patch);
                yield return patch;
            }
        }

        _ = Take((x, y) => x.Digest is not null && x.Digest == y.Digest).ToList();
        _ = Take((x, y) => x.Digest is null && y.Digest is null && x.Name == y.Name).ToList();
        var changed = Take((x, y) => x.Name == y.Name
            || (x.Header.ChangeId is { } id && id == y.Header.ChangeId)).ToList();
        return [.. @new.Select(x => (x, PatchChange.Added)), .. changed.Select(x => (x, PatchChange.Changed)),
            .. old.Select(x => (x, PatchChange.Removed))];
    }
}
