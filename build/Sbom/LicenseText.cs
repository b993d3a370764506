using System.Text.RegularExpressions;

namespace OpenStack.Sbom;

/// <summary>A licence as somebody named it.</summary>
/// <param name="Text">An id or expression of SPDX, or, where it is not known, what it was called.</param>
/// <param name="IsSpdx">Whether it is an id or expression of SPDX, in which what is not known is a <c>LicenseRef-…</c>.</param>
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
    public static string ReferenceTo(string name) => Reference + Others().Replace(name.Replace("+", "-or-later", StringComparison.Ordinal), "-").Trim('-');

    [GeneratedRegex("[^A-Za-z0-9.]+")]
    private static partial Regex Others();
}
