using System.Text.Json;
using OpenStack.Diagnostics;

namespace OpenStack.Constraints;

/// <summary>
/// How the constraints that the images of a release are built with differ from the release's upper constraints.
/// </summary>
/// <param name="Release">Name of the release.</param>
/// <param name="Changes">
/// Those of all services first, then those of some, each in the order in which they were made.
/// </param>
public sealed record ConstraintDiff(string Release, IReadOnlyList<ConstraintChange> Changes)
{
    /// <summary>Compares them; nothing is read or written.</summary>
    /// <param name="distributions">By service, the distribution that it is; only for these self-pins are known.</param>
    /// <exception cref="ProblemException">All overrides that have nothing to act on.</exception>
    public static ConstraintDiff Of(
        string release,
        UpperConstraints upper,
        IReadOnlyList<ConstraintOverrides> overrides,
        IReadOnlyDictionary<string, string> distributions)
    {
        var services = distributions.ToLookup(x => PythonName.Of(x.Value), x => x.Key);
        var changes = ConstraintEngine.Apply(upper, overrides,
            [.. distributions.Values.Distinct(StringComparer.Ordinal)]).Changes;
        return new ConstraintDiff(release,
            [.. changes.Select(x => x.Kind == ConstraintChangeKind.SelfPin
                ? x with { Services = [.. services[PythonName.Of(x.Name)].Order(StringComparer.Ordinal)] }
                : x)]);
    }

    /// <summary>What, from, to, for which services, where that is written, and why.</summary>
    public TextTable ToTable() =>
        new(["change", "name", "from", "to", "services", "where", "why"], [.. Changes.Select(Cells)]);

    /// <summary>A section of its own, so that those of several releases make a document.</summary>
    public string ToMarkdown() => $"## Constraints of {Release}\n\n"
        + (Changes.Count == 0 ? "As in openstack/requirements.\n" : ToTable().Markdown);

    /// <summary>One object, two-space indent, final newline.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ConstraintsJson.Readable.ConstraintDiff) + "\n";

    static string[] Cells(ConstraintChange x) =>
    [
        x.Kind == ConstraintChangeKind.SelfPin ? "self-pin" : x.Kind.ToString().ToLowerInvariant(), x.Name,
        x.From ?? "-", x.To ?? "-",
        x.Services is null ? "all" : string.Join(", ", x.Services), x.File is null ? "-" : $"{x.File}:{x.Line}",
        x.Why ?? "-",
    ];
}
