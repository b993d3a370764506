using OpenStack.Diagnostics;

namespace OpenStack.Constraints;

/// <summary>
/// A requirement of PEP 508 (<c>name[extras]specifiers;marker</c>), also in its old form with parentheses (<c>name
/// (&gt;=1,&lt;2)</c>). The one reader of everything that is a requirement: metadata of distributions, constraints,
/// packages of an image.
/// </summary>
/// <param name="Name">The name as written; compare <see cref="Key"/>.</param>
/// <param name="Extras">As written; they compare like names (PEP 685).</param>
/// <param name="Specifiers">Empty where every version will do, and where there is a URL.</param>
/// <param name="Marker">Null where it always counts.</param>
/// <param name="Url">Where it comes from, <c>name @ url</c>; null where an index is asked.</param>
public sealed record Requirement(
    string Name, IReadOnlyList<string> Extras, IReadOnlyList<VersionSpecifier> Specifiers, Marker? Marker,
        string? Url = null)
{
    public PythonName Key { get; } = PythonName.Of(Name);

    /// <summary>Whether its marker asks which extras somebody wants.</summary>
    public bool IsOptional => Marker?.Comparisons.Any(x => x.IsOfExtras) == true;

    /// <summary>
    /// Reads what the library <c>packaging</c> reads, and refuses what it refuses. Null when <paramref name="problem"/>
    /// says why: a caller that leaves the requirement out says so. Its column counts from 1 within the text, its file
    /// and line are not set.
    /// </summary>
    public static Requirement? TryParse(string text, out Problem? problem)
    {
        var parser = new RequirementParser(text);
        var requirement = parser.Parse();
        problem = parser.Problem;
        return requirement;
    }

    /// <summary>What to say where a version is wanted, and there is a URL.</summary>
    /// <param name="text">What it was read from.</param>
    internal Problem FromUrl(string text) =>
        new($"'{Name}' is given as a URL", Column: text.IndexOf('@', StringComparison.Ordinal) + 1,
        Expected: "a version", Remedy: "A component that is built from source belongs into source-refs.yaml");

    /// <summary>The requirement in the form of PEP 508.</summary>
    public override string ToString() => Name + (Extras.Count == 0 ? "" : $"[{string.Join(',', Extras)}]")
        + (Url is null ? string.Join(',', Specifiers) : $" @ {Url}") + (Marker is null ? "" : $" ; {Marker}");
}
