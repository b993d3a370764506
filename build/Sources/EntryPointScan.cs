using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>What a Python source tree can be started by, as far as its files say so without being run.</summary>
public static partial class EntryPointScan
{
    static readonly string[] s_sections = ["entry_points", "options.entry_points"];

    /// <summary>
    /// What the scripts that come with the distribution call (<c>module:function</c>), by name, sorted:
    /// <c>[project.scripts]</c> of pyproject.toml, and <c>console_scripts</c> and PBR's <c>wsgi_scripts</c> in
    /// <c>[entry_points]</c> (setuptools: <c>[options.entry_points]</c>) of setup.cfg. Nothing for those that are files
    /// (<c>[files] scripts</c>).
    /// </summary>
    /// <exception cref="Diagnostics.ProblemException">One of the files cannot be read as what it is.</exception>
    public static IReadOnlyDictionary<string, string> Targets(AbsolutePath tree)
    {
        var setup = IniFile.Read(tree / "setup.cfg");
        var files = setup.Lines("files", "scripts").Concat(setup.Lines("options", "scripts"))
            .Where(x => x.Length > 0).Select(x => KeyValuePair.Create(x.Split('/')[^1], ""));
        var targets = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, target) in (PyProject.Read(tree)?.Scripts ?? new Dictionary<string, string>())
            .Concat(InSetup(setup, "console_scripts")).Concat(WsgiScripts(tree)).Concat(files))
            targets.TryAdd(name, target);
        return targets;
    }

    /// <summary>Their names.</summary>
    /// <inheritdoc cref="Targets"/>
    public static IReadOnlyList<string> Scripts(AbsolutePath tree) => [.. Targets(tree).Keys];

    /// <summary>What PBR's WSGI scripts call to get an application, by name.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> WsgiScripts(AbsolutePath tree) =>
        (PyProject.Read(tree)?.WsgiScripts ?? new Dictionary<string, string>())
            .Concat(InSetup(IniFile.Read(tree / "setup.cfg"), "wsgi_scripts"));

    static IEnumerable<KeyValuePair<string, string>> InSetup(IniFile setup, string key) => s_sections
        .SelectMany(x => setup.Lines(x, key)).Where(x => x.Contains('=')).Select(x => x.Split('=', 2))
        .Select(x => KeyValuePair.Create(x[0].Trim(), x[1].Trim()));

    /// <summary>
    /// Modules <c>…wsgi</c> and <c>…wsgi.…</c> whose top level binds <c>application</c>, sorted.
    /// </summary>
    public static IReadOnlyList<string> WsgiModules(AbsolutePath tree) =>
    [
        .. FileTree.Entries(tree)
            .Where(x => x.Entry is FileInfo
                && IsWsgiFile(x.Name)
                && !x.Name.Contains("/tests/", StringComparison.Ordinal)
                && File.Exists(tree / x.Name.Split('/')[0] / "__init__.py"))
            .Where(x => File.ReadLines(x.Entry.FullName).Any(Binding().IsMatch))
            .Select(x => PythonSource.ModuleOf(x.Name))
            .Order(StringComparer.Ordinal),
    ];

    internal static bool IsWsgiFile(string path) => WsgiFile().IsMatch(path);

    [GeneratedRegex(@"^[^/]+/(?:.*/)?(?:\w+_)?wsgi(?:\.py|/[^/]+\.py)\z")]
    private static partial Regex WsgiFile();

    [GeneratedRegex(@"^(?:\w+\s*=\s*)*application\s*(?::[^=]+)?=[^=]")]
    private static partial Regex Binding();
}
