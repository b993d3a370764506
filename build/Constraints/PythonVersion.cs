using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenStack.Constraints;

/// <summary>A version of PEP 440 with its order: <c>[epoch!]release[{a|b|rc}N][.postN][.devN][+local]</c>.</summary>
public sealed partial class PythonVersion : IComparable<PythonVersion>, IEquatable<PythonVersion>
{
    static readonly string[] s_preReleases = ["a", "b", "rc"];

    PythonVersion(string text, long epoch, long[] release, (int Kind, long Number)? pre, long? post, long? dev,
        string? local) =>
        (Text, Epoch, Release, Pre, Post, Dev, Local) = (text, epoch, release, pre, post, dev, local);

    /// <summary>The version as it was written.</summary>
    public string Text { get; }

    public long Epoch { get; }

    /// <summary>The numbers of the release, as written: 1.0 has two.</summary>
    public IReadOnlyList<long> Release { get; }

    public long? Post { get; }

    public long? Dev { get; }

    /// <summary>The local version, <c>p1</c> in <c>14.9.0+p1</c>, lower case, segments parted by dots.</summary>
    public string? Local { get; }

    /// <summary>Whether it is an alpha, beta, release candidate or development version.</summary>
    public bool IsPreRelease => Pre is not null || Dev is not null;

    /// <summary>Whether it comes after another one and belongs to it.</summary>
    public bool IsPostReleaseOf(PythonVersion other) => Post is not null && HasSameRelease(other) && Pre == other.Pre;

    /// <summary>
    /// Whether it comes before another one, which is no pre-release, and belongs to it: a post-release has development
    /// versions alone.
    /// </summary>
    public bool IsPreReleaseOf(PythonVersion other) =>
        HasSameRelease(other)
            && (other.Post is null ? IsPreRelease : Dev is not null && Pre is null && Post == other.Post);

    /// <summary>Whether it has numbers of a release alone, and perhaps an epoch.</summary>
    public bool IsRelease => Pre is null && Post is null && Dev is null && Local is null;

    /// <summary>
    /// The one spelling of all that are equal but for zeros at the end of the release (PEP 440, "Normalization").
    /// </summary>
    public string Normal => (Epoch == 0 ? "" : $"{Epoch}!") + string.Join('.', Release)
        + (Pre is { } pre ? $"{s_preReleases[pre.Kind]}{pre.Number}" : "")
        + (Post is null ? "" : $".post{Post}") + (Dev is null ? "" : $".dev{Dev}")
        + (Local is null ? "" : "+" + string.Join('.', Local.Split('.').Select(NormalSegment)));

    /// <summary>What it is before: 0 an alpha, 1 a beta, 2 a release candidate.</summary>
    internal (int Kind, long Number)? Pre { get; }

    /// <summary>Null when the text is no version, or one of its numbers exceeds 64 bits.</summary>
    public static PythonVersion? TryParse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success) return null;
        try
        {
            var release = match.Groups["release"].Value.Split('.').Select(Number).ToArray();
            var kind = match.Groups["pre"].Value.ToLowerInvariant() switch
            {
                "" => -1,
                ['a', ..] => 0,
                ['b', ..] => 1,
                _ => 2,
            };
            return new PythonVersion(text, Optional(match.Groups["epoch"]) ?? 0, release,
                kind < 0 ? null : (kind, Number(match.Groups["pre_n"].Value)),
                match.Groups["post_n1"].Success ? Number(match.Groups["post_n1"].Value)
                    : match.Groups["post"].Success ? Number(match.Groups["post_n2"].Value)
                    : null,
                match.Groups["dev"].Success ? Number(match.Groups["dev_n"].Value) : null,
                match.Groups["local"].Success
                    ? match.Groups["local"].Value.ToLowerInvariant().Replace('-', '.').Replace('_', '.')
                    : null);
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    /// <exception cref="FormatException">The text is no version.</exception>
    public static PythonVersion Parse(string text) =>
        TryParse(text) ?? throw new FormatException($"'{text}' is no version of PEP 440");

    /// <summary>
    /// Whether two texts are the same version, in whatever spelling; texts that are none are compared as such.
    /// </summary>
    public static bool AreSame(string a, string b) =>
        a == b || (TryParse(a) is { } x && TryParse(b) is { } y && x == y);

    /// <summary>The version without its local part.</summary>
    public PythonVersion WithoutLocal() => Local is null
        ? this
        : new PythonVersion(Text[..Text.IndexOf('+', StringComparison.Ordinal)], Epoch, [.. Release],
            Pre, Post, Dev, null);

    /// <summary>Whether the releases are the same, whatever comes after them.</summary>
    public bool HasSameRelease(PythonVersion other) => Epoch == other.Epoch && CompareRelease(other) == 0;

    /// <summary>Whether the release begins with that of <paramref name="prefix"/>, as <c>==1.2.*</c> demands.</summary>
    public bool StartsWith(PythonVersion prefix) =>
        Epoch == prefix.Epoch && prefix.Release.Select((x, i) => x == (i < Release.Count ? Release[i] : 0)).All(x => x);

    public int CompareTo(PythonVersion? other)
    {
        if (other is null) return 1;
        var order = Epoch.CompareTo(other.Epoch);
        if (order == 0) order = CompareRelease(other);
        if (order == 0) order = PreKey.CompareTo(other.PreKey);
        if (order == 0) order = (Post ?? -1).CompareTo(other.Post ?? -1);
        if (order == 0) order = (Dev ?? long.MaxValue).CompareTo(other.Dev ?? long.MaxValue);
        return order == 0 ? CompareLocal(Local, other.Local) : order;
    }

    public bool Equals(PythonVersion? other) => other is not null && CompareTo(other) == 0;

    public override bool Equals(object? obj) => Equals(obj as PythonVersion);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Epoch);
        foreach (var number in Release.Reverse().SkipWhile(x => x == 0)) hash.Add(number);
        hash.Add((PreKey, Post, Dev));
        hash.Add(Local is null ? 0 : 1);
        return hash.ToHashCode();
    }

    public override string ToString() => Text;

    public static bool operator ==(PythonVersion? a, PythonVersion? b) => a is null ? b is null : a.Equals(b);

    public static bool operator !=(PythonVersion? a, PythonVersion? b) => !(a == b);

    public static bool operator <(PythonVersion a, PythonVersion b) => a.CompareTo(b) < 0;

    public static bool operator >(PythonVersion a, PythonVersion b) => a.CompareTo(b) > 0;

    public static bool operator <=(PythonVersion a, PythonVersion b) => a.CompareTo(b) <= 0;

    public static bool operator >=(PythonVersion a, PythonVersion b) => a.CompareTo(b) >= 0;

    /// <summary>1.0.dev1 &lt; 1.0a1 &lt; 1.0 = 1.0.post1 in this part.</summary>
    (int Kind, long Number) PreKey => Pre ?? (Post is null && Dev is not null ? (-1, 0) : (3, 0));

    int CompareRelease(PythonVersion other) => Enumerable.Range(0, Math.Max(Release.Count, other.Release.Count))
        .Select(i => (i < Release.Count ? Release[i] : 0).CompareTo(i < other.Release.Count ? other.Release[i] : 0))
        .FirstOrDefault(x => x != 0);

    /// <summary>Segment by segment; numbers come after letters, more segments after fewer, any after none.</summary>
    static int CompareLocal(string? a, string? b)
    {
        if (a is null || b is null) return (a is null ? 0 : 1) - (b is null ? 0 : 1);
        var (x, y) = (a.Split('.'), b.Split('.'));
        for (var i = 0; i < Math.Min(x.Length, y.Length); i++)
        {
            var (numberX, numberY) = (IsNumber(x[i]), IsNumber(y[i]));
            var order = numberX != numberY ? (numberX ? 1 : -1)
                : numberX ? CompareNumbers(x[i].TrimStart('0'), y[i].TrimStart('0'))
                : string.CompareOrdinal(x[i], y[i]);
            if (order != 0) return order;
        }

        return x.Length.CompareTo(y.Length);
    }

    static int CompareNumbers(string a, string b) =>
        a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);

    static bool IsNumber(string text) => text.All(char.IsAsciiDigit);

    static string NormalSegment(string segment) =>
        !IsNumber(segment) ? segment : segment.TrimStart('0') is { Length: > 0 } number ? number : "0";

    static long? Optional(Group group) => group.Success ? Number(group.Value) : null;

    /// <summary>A missing number is 0: 1.0rc is 1.0rc0.</summary>
    static long Number(string digits) =>
        digits.Length == 0 ? 0 : long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>
    /// The spellings that PEP 440 admits and normalises ("Public version identifiers", "Normalization").
    /// </summary>
    [GeneratedRegex(
        """
        ^v?(?:(?<epoch>[0-9]+)!)?(?<release>[0-9]+(?:\.[0-9]+)*)
        (?:[-_.]?(?<pre>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?<pre_n>[0-9]*))?
        (?:-(?<post_n1>[0-9]+)|[-_.]?(?<post>post|rev|r)[-_.]?(?<post_n2>[0-9]*))?
        (?:[-_.]?(?<dev>dev)[-_.]?(?<dev_n>[0-9]*))?
        (?:\+(?<local>[a-z0-9]+(?:[-_.][a-z0-9]+)*))?\z
        """,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace
            | RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
