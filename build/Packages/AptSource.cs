using Nuke.Common.IO;

namespace OpenStack.Packages;

/// <summary>One suite of one package repository, as apt is told about it (sources.list(5)).</summary>
public sealed record AptSource(string Uri, string Suite)
{
    /// <summary>The suites of a Debian release that are worth having, behind the release's own name.</summary>
    static readonly string[] s_suffixes = ["", "-updates", "-security"];

    /// <summary>Names that stand for a release until the next one comes.</summary>
    static readonly string[] s_aliases = ["stable", "oldstable", "testing"];

    /// <summary>
    /// <c>""</c>, <c>-updates</c> or <c>-security</c> when this is a suite of Debian <paramref name="codename"/>,
    /// otherwise null (other distributions' repositories, backports).
    /// </summary>
    public string? Suffix(string codename) => s_aliases.Prepend(codename)
        .SelectMany(_ => s_suffixes, (release, suffix) => (Suite: release + suffix, Suffix: suffix))
        .FirstOrDefault(x => x.Suite == Suite).Suffix;

    /// <summary>The same repositories' suites of another Debian release, one repository for each.</summary>
    public static IReadOnlyList<AptSource> ForRelease(IEnumerable<AptSource> sources, string codename, string other) =>
        [.. sources.DistinctBy(x => x.Suffix(codename)).Select(x => x with { Suite = other + x.Suffix(codename) })];

    /// <summary>
    /// All enabled binary sources with the component <c>main</c> below <paramref name="etc"/> (usually
    /// <c>/etc/apt</c>).
    /// </summary>
    public static IReadOnlyList<AptSource> ReadAll(AbsolutePath etc)
    {
        var sources = new List<AptSource>();
        if (File.Exists(etc / "sources.list")) sources.AddRange(ParseList(File.ReadAllText(etc / "sources.list")));
        var parts = etc / "sources.list.d";
        if (!Directory.Exists(parts)) return sources;
        foreach (var file in Directory.EnumerateFiles(parts).Order(StringComparer.Ordinal))
        {
            if (file.EndsWith(".list", StringComparison.Ordinal)) sources.AddRange(ParseList(File.ReadAllText(file)));
            if (file.EndsWith(".sources", StringComparison.Ordinal))
                sources.AddRange(ParseDeb822(File.ReadAllText(file)));
        }

        return sources;
    }

    /// <summary>A file in whichever of the two forms (sources.list(5)).</summary>
    public static IReadOnlyList<AptSource> Parse(string text) => [.. text.Split('\n')
        .Any(x => x.StartsWith("Types:", StringComparison.OrdinalIgnoreCase)) ? ParseDeb822(text) : ParseList(text)];

    /// <summary>One-line style: <c>deb [options] uri suite component…</c>.</summary>
    internal static IEnumerable<AptSource> ParseList(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var words = WithoutOptions(line.Split('#')[0])
                .Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (words is ["deb", var uri, var suite, .. var components] && components.Contains("main") && IsMirror(uri))
                yield return new(Normalize(uri), suite);
        }
    }

    /// <summary>Deb822 style: stanzas of fields, values continued on indented lines, comment lines anywhere.</summary>
    internal static IEnumerable<AptSource> ParseDeb822(string text)
    {
        var lines = text.Replace("\r", "", StringComparison.Ordinal).Split('\n').Where(x => !x.StartsWith('#'));
        foreach (var stanza in string.Join('\n', lines).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = ControlFields.Parse(stanza);
            if (fields.GetValueOrDefault("Enabled", "yes") is "no" or "false" or "0") continue;
            if (!Words(fields, "Types").Contains("deb") || !Words(fields, "Components").Contains("main")) continue;
            foreach (var uri in Words(fields, "URIs").Where(IsMirror).Take(1))
            {
                foreach (var suite in Words(fields, "Suites")) yield return new(Normalize(uri), suite);
            }
        }
    }

    static string[] Words(Dictionary<string, string> fields, string name) =>
        fields.GetValueOrDefault(name, "").Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);

    static string WithoutOptions(string line) =>
        line.IndexOf('[') is var from and >= 0 && line.IndexOf(']', from) is var to and >= 0
            ? line.Remove(from, to - from + 1)
            : line;

    /// <summary>Not a disc or a directory of this machine: a build container could not reach them.</summary>
    static bool IsMirror(string uri) =>
        uri.StartsWith("http://", StringComparison.Ordinal) || uri.StartsWith("https://", StringComparison.Ordinal);

    static string Normalize(string uri) => uri.TrimEnd('/');
}
