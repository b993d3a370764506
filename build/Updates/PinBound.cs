using System.Text.RegularExpressions;
using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Updates;

/// <summary>The versions within which an override is to stay, as its comment says: <c>setuptools===80.9.0 # &lt;81:
/// pkg_resources is gone from 81 on</c>.</summary>
static partial class PinBound
{
    /// <summary>The bound that a comment begins with, up to a colon; none where it begins otherwise.</summary>
    /// <param name="problem">Why what looks like one is none.</param>
    public static IReadOnlyList<VersionSpecifier> Of(ConstraintOverride item, out Problem? problem)
    {
        problem = null;
        if (item.Why is null || Pattern().Match(item.Why) is not { Success: true, Groups: var found }) return [];
        var bound = found["bound"].Value;
        if (Requirement.TryParse(item.Name + bound, out var why) is { } requirement) return requirement.Specifiers;
        problem = new Problem($"'{bound}' in the comment of '{item.Name}' bounds nothing: {why?.Found}",
            Expected: "comparisons of PEP 440, as in <81",
            Remedy: "Mend it; without it every newer version is one to update to");
        return [];
    }

    [GeneratedRegex(@"^\s*(?<bound>[<>!~=]{1,3}\s*[0-9][^\s:,]*(?:\s*,\s*[<>!~=]{1,3}\s*[0-9][^\s:,]*)*)\s*:")]
    private static partial Regex Pattern();
}
