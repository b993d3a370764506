using System.Text.RegularExpressions;

namespace OpenStack.Sbom;

/// <summary>A licence as somebody named it.</summary>
/// <param name="Text">An id or expression of SPDX, or, where it is not known, what it was called.</param>
/// <param name="IsSpdx">
/// Whether it is an id or expression of SPDX, in which what is not known is a <c>LicenseRef-…</c>.
/// </param>
sealed partial record LicenseText(string Text, bool IsSpdx)
{
    const string Reference = "LicenseRef-";

    /// <summary>Whether it is one id, and no expression.</summary>
    public bool IsId => IsSpdx && SpdxLicenses.IsId(Text);

    /// <summary>Whether SPDX knows all of it.</summary>
    public bool IsKnown => IsSpdx && !Text.Contains(Reference, StringComparison.Ordinal);

    /// <summary>The same as a part of an expression.</summary>
    public string Operand => IsSpdx ? Text : ReferenceTo(Text);

    /// <summary>How an expression refers to a licence that SPDX does not know (annex D.2, <c>idstring</c>).</summary>
    public static string ReferenceTo(string name) =>
        Reference + Others().Replace(name.Replace("+", "-or-later", StringComparison.Ordinal), "-").Trim('-');

    /// <summary>
    /// A reference that somebody made, in the one spelling of its keywords (SPDX 3.0.1, annex "SPDX license
    /// expressions": they compare without case; what the user chose stays as it is); null where the text is none.
    /// </summary>
    public static string? ReferenceIn(string text) => UserReference().Match(text) is { Success: true } match
        ? (match.Groups["document"] is { Success: true, Value: var document } ? $"DocumentRef-{document}:" : "")
            + Reference + match.Groups["license"].Value
        : null;

    [GeneratedRegex(@"^(?:DocumentRef-(?<document>[A-Za-z0-9.-]+):)?LicenseRef-(?<license>[A-Za-z0-9.-]+)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex UserReference();

    [GeneratedRegex("[^A-Za-z0-9.]+")]
    private static partial Regex Others();
}
