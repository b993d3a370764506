using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>What a Python source tree can be started by, as far as its files say so without being run.</summary>
public static partial class EntryPointScan
{
    static readonly string[] s_sections = ["entry_points", "options.entry_points"];
    static readonly string[] s_groups = ["console_scripts", "wsgi_scripts"];

    /// <summary>
    /// Names of the scripts that come with the distribution, sorted: <c>[project.scripts]</c> of pyproject.toml, and
    /// <c>console_scripts</c> and PBR's <c>wsgi_scripts</c> in <c>[entry_points]</c> (setuptools:
    /// <c>[options.entry_points]</c>) of setup.cfg.
    /// </summary>
    /// <exception cref="Diagnostics.ProblemException">One of the files cannot be read as what it is.</exception>
    public static IReadOnlyList<string> Scripts(AbsolutePath tree)
    {
        var setup = IniFile.Read(tree / "setup.cfg");
        var inSetup = s_sections.SelectMany(section => s_groups.SelectMany(group => setup.Lines(section, group)))
            .Where(x => x.Contains('=')).Select(x => x.Split('=')[0].Trim());
        return [.. (PyProject.Read(tree)?.Scripts ?? []).Concat(inSetup).Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>Modules <c>…wsgi</c> and <c>…wsgi.…</c> whose top level binds <c>application</c>, sorted.</summary>
    public static IReadOnlyList<string> WsgiModules(AbsolutePath tree) =>
    [
        .. FileTree.Entries(tree)
            .Where(x => x.Entry is FileInfo
                && WsgiFile().IsMatch(x.Name)
                && !x.Name.Contains("/tests/", StringComparison.Ordinal)
                && File.Exists(tree / x.Name.Split('/')[0] / "__init__.py"))
            .Where(x => File.ReadLines(x.Entry.FullName).Any(Binding().IsMatch))
            .Select(x => x.Name[..^".py".Length].Replace("/__init__", "", StringComparison.Ordinal).Replace('/', '.'))
            .Order(StringComparer.Ordinal),
    ];

    [GeneratedRegex(@"^[^/]+/(?:.*/)?wsgi(?:\.py|/[^/]+\.py)\z")]
    private static partial Regex WsgiFile();

    [GeneratedRegex(@"^application\s*(?::[^=]+)?=[^=]")]
    private static partial Regex Binding();
}
