using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>What a Python source tree can be started by, as far as its files say so without being run.</summary>
public static partial class EntryPointScan
{
    /// <summary>
    /// Names of the scripts that come with the distribution, sorted: <c>[project.scripts]</c> of pyproject.toml, and
    /// <c>console_scripts</c> and PBR's <c>wsgi_scripts</c> in <c>[entry_points]</c> of setup.cfg.
    /// </summary>
    public static IReadOnlyList<string> Scripts(AbsolutePath tree) =>
        [.. Toml(tree / "pyproject.toml").Concat(Ini(tree / "setup.cfg")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Modules <c>…wsgi</c> and <c>…wsgi.…</c> whose top level binds <c>application</c>, sorted.</summary>
    public static IReadOnlyList<string> WsgiModules(AbsolutePath tree) =>
    [
        .. FileTree.Entries(tree)
            .Where(x => x.Entry is FileInfo && WsgiFile().IsMatch(x.Name) && !x.Name.Contains("/tests/", StringComparison.Ordinal) && File.Exists(tree / x.Name.Split('/')[0] / "__init__.py"))
            .Where(x => File.ReadLines(x.Entry.FullName).Any(Binding().IsMatch))
            .Select(x => x.Name[..^".py".Length].Replace("/__init__", "", StringComparison.Ordinal).Replace('/', '.'))
            .Order(StringComparer.Ordinal),
    ];

    static IEnumerable<string> Toml(AbsolutePath file)
    {
        var inside = false;
        foreach (var line in File.Exists(file) ? File.ReadLines(file) : [])
        {
            if (line.StartsWith('[')) inside = line.Split('#')[0].Trim() == "[project.scripts]";
            else if (inside && Script().Match(line) is { Success: true } script) yield return script.Groups["name"].Value;
        }
    }

    static IEnumerable<string> Ini(AbsolutePath file)
    {
        var (section, key) = ("", "");
        foreach (var line in File.Exists(file) ? File.ReadLines(file) : [])
        {
            if (line.StartsWith('[')) section = line.Trim();
            else if (line.Length > 0 && !char.IsWhiteSpace(line[0])) key = line.Split('=', ':')[0].Trim();
            else if (section == "[entry_points]" && key is "console_scripts" or "wsgi_scripts" && Script().Match(line) is { Success: true } script) yield return script.Groups["name"].Value;
        }
    }

    [GeneratedRegex("""^\s*"?(?<name>[A-Za-z0-9._-]+)"?\s*=\s*\S""")]
    private static partial Regex Script();

    [GeneratedRegex(@"^[^/]+/(?:.*/)?wsgi(?:\.py|/[^/]+\.py)\z")]
    private static partial Regex WsgiFile();

    [GeneratedRegex(@"^application\s*(?::[^=]+)?=[^=]")]
    private static partial Regex Binding();
}
