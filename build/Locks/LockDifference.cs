using OpenStack.Diagnostics;

namespace OpenStack.Locks;

/// <summary>What became of an input.</summary>
public enum InputChange
{
    Added,
    Removed,

    /// <summary>There is another version of it.</summary>
    Moved,

    /// <summary>The same version has other bytes: nobody may do that without saying so.</summary>
    Replaced,

    /// <summary>The same bytes, elsewhere or by another name. No image is another one for it.</summary>
    Relocated,
}

/// <param name="Before">Null of what was added.</param>
/// <param name="After">Null of what was removed.</param>
public sealed record LockChange(InputChange Kind, LockedInput? Before, LockedInput? After)
{
    LockedInput Any => After ?? Before!;

    /// <summary>
    /// Whether an image may be another one for it. A suite is signed anew every day: as long as none of the packages
    /// moved, the image is the same; where a file is, makes no difference. That one is of the same time and has other
    /// bytes, or is older than what is locked, is neither: somebody shows another archive, or one of another day.
    /// </summary>
    public bool Matters => Kind != InputChange.Relocated
        && (Any is not LockedSuite || Kind == InputChange.Replaced || IsOlder);

    bool IsOlder => Kind == InputChange.Moved && Before is LockedSuite before && After is LockedSuite after
        && after.Date < before.Date;

    /// <summary><c>deb libpq5 amd64: 17.5-1 → 17.6-0</c>.</summary>
    public string Text => Kind switch
    {
        InputChange.Added => $"{Any.Key}: {Any.Version}",
        InputChange.Removed => $"{Any.Key}: {Any.Version}",
        InputChange.Moved when Before!.Kind != After!.Kind =>
            $"{Any.Key}: {Before.Kind} {Before.Version} → {After.Kind} {After.Version}",
        InputChange.Moved => $"{Any.Key}: {Before!.Version} → {After!.Version}"
            + (IsOlder ? ", which is older: a mirror that is behind, or an archive of another day" : ""),
        InputChange.Replaced => $"{Any.Key} {Any.Version}: {Before!.Content} → {After!.Content}",
        _ => $"{Any.Key} {Any.Version}",
    };
}

/// <summary>What moved between two locks of the same image.</summary>
public sealed record LockDifference(IReadOnlyList<LockChange> Changes)
{
    /// <summary>Those for which an image may be another one.</summary>
    public IReadOnlyList<LockChange> Mattering => [.. Changes.Where(x => x.Matters)];

    /// <param name="before">None where there was no lock.</param>
    public static LockDifference Between(IEnumerable<LockedInput> before, IEnumerable<LockedInput> after)
    {
        var (old, now) = (before.ToDictionary(x => x.Key), after.ToDictionary(x => x.Key));
        var changes = old.Keys.Union(now.Keys).Order(StringComparer.Ordinal)
            .Select(x => ChangeOf(old.GetValueOrDefault(x), now.GetValueOrDefault(x))).OfType<LockChange>();
        return new LockDifference([.. changes]);
    }

    /// <summary>Every change for people; what does not matter in as few lines as it takes.</summary>
    public TextTable ToTable()
    {
        var rows = Mattering.OrderBy(x => x.Kind).Select(x => (string[])[Word(x.Kind), x.Text]).ToList();
        rows.AddRange(Changes.Where(x => !x.Matters && x.Kind != InputChange.Relocated)
            .Select(x => (string[])["signed anew", x.Text]));
        if (Changes.Count(x => x.Kind == InputChange.Relocated) is > 0 and var elsewhere)
            rows.Add([
                Word(InputChange.Relocated),
                $"{elsewhere} {(elsewhere == 1 ? "input" : "inputs")}, with the same bytes",
            ]);
        return new TextTable(["", "input"], rows);
    }

    static LockChange? ChangeOf(LockedInput? before, LockedInput? after) => (before, after) switch
    {
        (null, { } added) => new LockChange(InputChange.Added, null, added),
        ({ } removed, null) => new LockChange(InputChange.Removed, removed, null),
        ({ } x, { } y) when x == y => null,
        ({ } x, { } y) when x.Content == y.Content && x.Kind == y.Kind => new LockChange(InputChange.Relocated, x, y),
        ({ } x, { } y) when x.Version == y.Version && x.Kind == y.Kind => new LockChange(InputChange.Replaced, x, y),
        var (x, y) => new LockChange(InputChange.Moved, x, y),
    };

    static string Word(InputChange kind) => kind switch
    {
        InputChange.Added => "added",
        InputChange.Removed => "removed",
        InputChange.Moved => "moved",
        InputChange.Replaced => "other bytes",
        _ => "elsewhere",
    };
}
