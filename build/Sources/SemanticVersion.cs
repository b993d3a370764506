using System.Globalization;
using NuGet.Versioning;

namespace OpenStack.Sources;

/// <summary>
/// A version as PBR understands it (pbr/version.py, SemanticVersion): three numbers, perhaps a pre-release (<c>a</c>,
/// <c>b</c>, <c>rc</c>) and a count of commits since the last tag. Not SemVer: a pre-release is written
/// <c>28.0.0.0rc1</c>.
/// </summary>
public sealed record SemanticVersion(int Major, int Minor = 0, int Patch = 0, string? PreReleaseType = null,
    int PreRelease = 0, int DevCount = 0)
    : IComparable<SemanticVersion>
{
    /// <summary>Whether it is that of a release, and not of what comes before one.</summary>
    public bool IsFinal => PreReleaseType is null && DevCount == 0;

    /// <summary>
    /// The next version that may follow a release; by default the next patch or, after a pre-release, the next of
    /// those.
    /// </summary>
    public SemanticVersion Increment(bool minor = false, bool major = false)
    {
        if (major) return new SemanticVersion(Major + 1);
        if (minor) return new SemanticVersion(Major, Minor + 1);
        return PreReleaseType is null
            ? new SemanticVersion(Major, Minor, Patch + 1)
            : new SemanticVersion(Major, Minor, Patch, PreReleaseType, PreRelease + 1);
    }

    /// <summary>
    /// The same in SemVer, which orders versions: <c>28.0.0.0rc1</c> is <c>28.0.0-rc.1</c>. A number sorts before
    /// letters, so <c>28.0.0.dev3</c>, which comes before all pre-releases, is <c>28.0.0-0.dev.3</c>;
    /// <c>28.0.0.0rc2.dev3</c>, three commits after the first candidate, is <c>28.0.0-rc.1.dev.3</c>.
    /// </summary>
    public NuGetVersion ToNuGetVersion()
    {
        string[] labels = (PreReleaseType, PreRelease, DevCount) switch
        {
            (null, _, 0) => [],
            (null, _, _) => ["0", "dev", $"{DevCount}"],
            (_, _, 0) => [PreReleaseType, $"{PreRelease}"],
            (_, 0, _) => [PreReleaseType],
            _ => [PreReleaseType, $"{PreRelease - 1}", "dev", $"{DevCount}"],
        };
        return new NuGetVersion(Major, Minor, Patch, labels, metadata: null);
    }

    /// <summary>
    /// Development versions come first, then pre-releases (<c>a</c>, <c>b</c>, <c>rc</c>), then the release.
    /// </summary>
    public int CompareTo(SemanticVersion? other) =>
        other is null ? 1 : ToNuGetVersion().CompareTo(other.ToNuGetVersion());

    /// <summary>The form of PEP 440 that PBR writes, e.g. <c>14.0.1.dev6</c> or <c>28.0.0.0rc2.dev3</c>.</summary>
    public override string ToString() => $"{Major}.{Minor}.{Patch}"
        + (PreReleaseType is null ? "" : $".0{PreReleaseType}{PreRelease}")
        + (DevCount == 0 ? "" : $".dev{DevCount}");

    /// <summary>
    /// Reads every form that PBR ever wrote as a tag: <c>1.2</c>, <c>v1.2.3</c>, <c>1.2.0rc1</c>, <c>1.2a1</c>,
    /// <c>1.2.0.0b2.dev4</c>, <c>0.1.2.3.g83bef74</c> (three commits after 0.1.2), <c>1.0.0.post3</c>. Null for
    /// anything else, as for <c>2023.1-eol</c>.
    /// </summary>
    public static SemanticVersion? TryParse(string text)
    {
        var parts = text.TrimStart('v', 'V').Split('.').ToList();
        if (parts[0].Length == 0 || !char.IsAsciiDigit(parts[0][0])) return null;
        var numbers = parts.Where(IsNumber).ToList();
        if (numbers.Count == 0) return null;
        if (numbers.Count < 3 && numbers.Count < parts.Count)
        {
            // 1.2a1: the 2 is a number that belongs to the version, not to the pre-release.
            var mixed = parts[numbers.Count];
            var digits = mixed.TakeWhile(char.IsAsciiDigit).Count();
            if (mixed.Length == 0) return null;
            if (digits > 0)
            {
                parts[numbers.Count] = mixed[digits..];
                parts.Insert(numbers.Count, mixed[..digits]);
                numbers.Add(mixed[..digits]);
            }
        }

        var rest = parts.Skip(numbers.Count).ToList();
        while (numbers.Count < 3) numbers.Add("0");
        rest.InsertRange(0, numbers.Skip(3));
        var leading = numbers.Take(3).Select(Number).ToList();
        return leading.Contains(null)
            ? null
            : ParseRest(new SemanticVersion(leading[0]!.Value, leading[1]!.Value, leading[2]!.Value), rest);
    }

    static SemanticVersion? ParseRest(SemanticVersion release, List<string> rest)
    {
        if (rest.Count > 0 && Number(rest[0]) is > 0 and var count) return release with { DevCount = count };
        if (rest.Count > 0 && rest[0].Length == 0) return null;
        if (rest.Count > 0 && rest[0][0] is '0' or 'a' or 'b' or 'r')
        {
            var segment = rest[0].TrimStart("0123456789".ToCharArray());
            var type = new string([.. segment.TakeWhile(char.IsAsciiLetter)]);
            if (type.Length == 0 || Number(segment[type.Length..]) is not { } serial) return null;
            release = release with { PreReleaseType = type, PreRelease = serial };
            rest.RemoveAt(0);
        }

        int? dev = null;
        int? post = null;
        foreach (var part in rest)
        {
            if (part.StartsWith("dev", StringComparison.Ordinal) && Number(part[3..]) is { } d) dev = d;
            else if (part.StartsWith("post", StringComparison.Ordinal) && Number(part[4..]) is { } p)
                (dev, post) = (null, p);
            else return null;
        }

        if (post is not > 0) return release with { DevCount = dev ?? 0 };
        return dev is > 0 ? null : release.Increment() with { DevCount = post.Value };
    }

    public static bool operator <(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) < 0;

    public static bool operator <=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) > 0;

    public static bool operator >=(SemanticVersion left, SemanticVersion right) => left.CompareTo(right) >= 0;

    static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
