using System.Text.RegularExpressions;

namespace OpenStack.Lab;

/// <summary>A dependency specifier of one distribution (PEP 508).</summary>
/// <param name="Specifier">Version specifiers, e.g. <c>&gt;=1.0,!=1.3</c>, or empty.</param>
/// <param name="Marker">The environment marker, or empty.</param>
sealed partial record Requirement(string Name, string Extras, string Specifier, string Marker)
{
    /// <summary>Whether it only holds for an extra that somebody asks for.</summary>
    public bool IsOptional => Marker.Contains("extra", StringComparison.Ordinal);

    /// <summary>Null when <paramref name="text"/> is no requirement of this form.</summary>
    public static Requirement? Parse(string text) => Pattern().Match(text) is { Success: true } match
        ? new Requirement(match.Groups["name"].Value, match.Groups["extras"].Value, match.Groups["specifier"].Value.Trim(), match.Groups["marker"].Value.Trim())
        : null;

    public override string ToString() => Name + Extras + Specifier + (Marker.Length == 0 ? "" : $" ; {Marker}");

    [GeneratedRegex(@"^\s*(?<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?<extras>\[[^\]]*\])?\s*\(?(?<specifier>[^;()@]*)\)?\s*(?:;(?<marker>.*))?$")]
    private static partial Regex Pattern();
}
