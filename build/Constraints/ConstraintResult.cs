using System.Text.Json.Serialization;

namespace OpenStack.Constraints;

/// <summary>Constraints for one build and how they differ from those of the release.</summary>
/// <param name="Lines">In the order of the upper constraints, what was added at the end.</param>
/// <param name="Changes">In the order in which they were made.</param>
public sealed record ConstraintResult(IReadOnlyList<ConstraintLine> Lines, IReadOnlyList<ConstraintChange> Changes)
{
    public IEnumerable<Pin> Pins => Lines.Select(x => x.Pin).OfType<Pin>();

    /// <summary>The text of <c>constraints.txt</c>: LF, with a final newline.</summary>
    public string Text => string.Concat(Lines.Select(x => $"{x}\n"));
}

/// <summary>One difference from the upper constraints.</summary>
/// <param name="Name">Name of the distribution, spelt as in the upper constraints where it is there.</param>
/// <param name="From">Versions before, each with its marker where it has one; null for an addition.</param>
/// <param name="To">Version after, with its marker where it has one; null for a removal.</param>
/// <param name="Why">The comment of the override.</param>
/// <param name="File">The override file; null for a pin of the thing that is being built.</param>
/// <param name="Line">Line in <paramref name="File"/>, from 1.</param>
/// <param name="Hint">What an added name was perhaps meant to be.</param>
public sealed record ConstraintChange(
    ConstraintChangeKind Kind,
    string Name,
    string? From,
    string? To,
    string? Why = null,
    string? File = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Line = 0,
    string? Hint = null)
{
    /// <summary>The services that it concerns, sorted; null where it concerns every one.</summary>
    public IReadOnlyList<string>? Services { get; init; }

    /// <summary>
    /// Whether a version is what it comes to, in whatever spelling; without any constraint every version is.
    /// </summary>
    public bool LeadsTo(string version) => To is null || PythonVersion.AreSame(To.Split(';')[0].Trim(), version);

    /// <summary><c>replaced oslo.config 9.7.0 → 9.7.1 (why)</c></summary>
    public override string ToString() =>
        $"{Kind.ToString().ToLowerInvariant()} {Name} "
        + $"{From}{(From is not null && To is not null ? " → " : "")}{To}{(Why is null ? "" : $" ({Why})")}";
}

public enum ConstraintChangeKind
{
    /// <summary>Another version.</summary>
    [JsonStringEnumMemberName("replaced")] Replaced,

    /// <summary>No constraint any more.</summary>
    [JsonStringEnumMemberName("removed")] Removed,

    /// <summary>A constraint on what had none.</summary>
    [JsonStringEnumMemberName("added")] Added,

    /// <summary>No constraint, because the distribution itself is built from source.</summary>
    [JsonStringEnumMemberName("self-pin")] SelfPin,

    /// <summary>The override says what the upper constraints say: it can go.</summary>
    [JsonStringEnumMemberName("unchanged")] Unchanged,
}
