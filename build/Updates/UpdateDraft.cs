using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>An update that is worked out: what its commit and its pull request say.</summary>
/// <param name="Group">
/// Release and component, or release and <c>upper-constraints</c>, with <c>/</c> between: what is updated together.
/// </param>
/// <param name="Title">First line of the commit.</param>
/// <param name="Files">What it writes or, with a null text, removes; by path.</param>
/// <param name="Date">Of what it updates to: the same update is the same commit on every machine.</param>
public sealed record UpdateDraft(string Group, string Title, IReadOnlyDictionary<string, string?> Files,
    DateTimeOffset Date)
{
    /// <summary>Begins the line by which a commit is known for one of ours.</summary>
    public const string Trailer = "Update-Group:";

    public string Branch => $"update/{Group}";

    /// <summary>What becomes of the component's patches; null of an update that is none of a component.</summary>
    public SeriesVerdict? Patches { get; init; }

    public UpstreamChanges? Changes { get; init; }

    public IReadOnlyList<PinChange> Pins { get; init; } = [];

    /// <summary>What the overrides of the release would meet.</summary>
    public IReadOnlyList<Problem> Problems { get; init; } = [];

    public ConstraintDiff? Constraints { get; init; }

    /// <summary>Where what changes can be seen: <c>component old..new</c>.</summary>
    public string What { get; init; } = "";

    /// <summary>More of that, in Markdown: chapters of their own.</summary>
    public string Details { get; init; } = "";

    /// <summary>Patches that upstream has: the update removes them.</summary>
    public IReadOnlyList<PatchVerdict> Upstreamed =>
        [.. Patches?.Patches.Where(x => x.State == PatchState.Upstream) ?? []];

    /// <summary>Patches that no longer apply.</summary>
    public IReadOnlyList<PatchVerdict> Conflicting =>
        [.. Patches?.Patches.Where(x => x.State > PatchState.Upstream) ?? []];

    /// <summary>Whether somebody has to work on it before it can be merged.</summary>
    public bool IsBroken => Conflicting.Count > 0 || Problems.Count > 0;

    public string Message
    {
        get
        {
            var removed = string.Join(", ", Upstreamed.Select(x => x.Name));
            return $"{Title}\n\n"
                + (removed.Length == 0 ? "" : $"Removed, because upstream has the change: {removed}.\n\n")
                + $"{Trailer} {Group}\n";
        }
    }
}
