using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenStack.Lab;

/// <summary>
/// Versions of distributions as far as repacking needs them (PEP 440): what Debian wrote made acceptable to pip, and whether a
/// version meets a specifier.
/// </summary>
static partial class WheelVersion
{
    /// <summary>
    /// Without Debian's local part (<c>2.5.11+ds</c>, <c>8.4.2+really8.4.1</c>) and without the mark of a development version
    /// (<c>1.13.2.dev0</c>), which would make pip treat a release as none.
    /// </summary>
    public static string Clean(string version)
    {
        var release = version.Split('+')[0].Trim();
        return Version().Match(release) is { Success: true } match && !match.Groups["dev"].Success ? release : LeadingRelease().Match(release).Value;
    }

    /// <summary>Whether the version lies within all clauses of the specifier; a clause that is none counts as met.</summary>
    public static bool Meets(string version, string specifier) =>
        specifier.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).All(x => MeetsClause(version, x));

    static bool MeetsClause(string version, string clause)
    {
        if (Clause().Match(clause) is not { Success: true } match) return true;
        var (operation, bound) = (match.Groups["operation"].Value, match.Groups["bound"].Value);
        if (operation == "===") return version == bound;
        if (bound.EndsWith(".*", StringComparison.Ordinal)) return IsBelow(version, bound[..^2]) == (operation == "==");
        var order = Compare(version, bound);
        return operation switch
        {
            "==" => order == 0,
            "!=" => order != 0,
            "<=" => order <= 0,
            ">=" => order >= 0,
            "<" => order < 0,
            ">" => order > 0,
            // Compatible release: ~=1.4.2 is >=1.4.2, ==1.4.*
            _ => order >= 0 && IsBelow(version, bound[..bound.LastIndexOf('.')]),
        };
    }

    /// <summary>Whether the version begins with the numbers of the prefix.</summary>
    static bool IsBelow(string version, string prefix)
    {
        var (numbers, wanted) = (Release(version), Release(prefix));
        return wanted.Select((x, i) => x == numbers.ElementAtOrDefault(i)).All(x => x);
    }

    static int Compare(string left, string right)
    {
        var (a, b) = (Key(left), Key(right));
        for (var i = 0; i < Math.Max(a.Count, b.Count); i++)
        {
            if (a.ElementAtOrDefault(i).CompareTo(b.ElementAtOrDefault(i)) is var order and not 0) return order;
        }

        return 0;
    }

    /// <summary>Numbers that sort like the version: 16 of the release, then development &lt; pre-release &lt; final &lt; post-release.</summary>
    static List<long> Key(string version)
    {
        var match = Version().Match(version.Trim());
        var (pre, post, dev) = (match.Groups["pre"], match.Groups["post"], match.Groups["dev"]);
        long phase = pre.Success ? "abcr".IndexOf(char.ToLowerInvariant(pre.Value[0])) + 1 : dev.Success && !post.Success ? 0 : 9;
        return
        [
            .. Release(version).Concat(Enumerable.Repeat(0L, 16)).Take(16),
            phase, Number(match.Groups["preNumber"]), post.Success ? Number(match.Groups["postNumber"]) + 1 : 0, dev.Success ? Number(match.Groups["devNumber"]) : long.MaxValue,
        ];
    }

    static IEnumerable<long> Release(string version) =>
        LeadingRelease().Match(version.Trim()).Value.Split('.', StringSplitOptions.RemoveEmptyEntries).Select(x => long.Parse(x, CultureInfo.InvariantCulture));

    static long Number(Group group) => group.Length > 0 ? long.Parse(group.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^v?\d+(\.\d+)*(?:[-_.]?(?<pre>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?<preNumber>\d*))?(?:[-_.]?(?<post>post|rev|r)[-_.]?(?<postNumber>\d*))?(?:[-_.]?(?<dev>dev)[-_.]?(?<devNumber>\d*))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Version();

    [GeneratedRegex(@"^\d+(\.\d+)*")]
    private static partial Regex LeadingRelease();

    [GeneratedRegex(@"^(?<operation>===|==|!=|<=|>=|~=|<|>)\s*(?<bound>\S+)$")]
    private static partial Regex Clause();
}
