using System.Text.RegularExpressions;
using OpenStack.Constraints;

namespace OpenStack.Updates;

/// <summary>The versions within which an override is to stay, as its comment says: <c>setuptools===80.9.0 # &lt;81:
/// pkg_resources is gone from 81 on</c>.</summary>
static partial class PinBound
{
    /// <summary>The bound that a comment begins with, up to a colon; none where it begins otherwise.</summary>
    public static IReadOnlyList<VersionSpecifier> Of(ConstraintOverride item) =>
        item.Why is not null && Pattern().Match(item.Why) is { Success: true, Groups: var found } && Requirement
            .TryParse($"{item.Name}{found["bound"].Value}", out _) is { } requirement
            ? requirement.Specifiers : [];

    [GeneratedRegex(@"^\s*(?<bound>(?:[<>!~=]=?|===)\s*[0-9][^\s:,]*(?:\s*,\s*[<>!~=]=?\s*[0-9][^\s:,]*)*)\s*:")]
    private static partial Regex Pattern();
}
