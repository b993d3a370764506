using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// Modules of a Python source tree as text: enough to find out where a name comes from, not what it is when it is run.
/// </summary>
/// <param name="tree">The tree.</param>
sealed partial class PythonSource(AbsolutePath tree)
{
    /// <summary>Module of a file: <c>heat/wsgi/__init__.py</c> → <c>heat.wsgi</c>.</summary>
    public static string ModuleOf(string path) =>
        path[..^".py".Length].Replace("/__init__", "", StringComparison.Ordinal).Replace('/', '.');

    /// <summary>The text of a module; null where the tree has no such module.</summary>
    public string? Read(string module) => ((string[])[".py", "/__init__.py"])
        .Select(x => tree / (module.Replace('.', '/') + x))
        .Where(x => File.Exists(x))
        .Select(x => Utf8File.Read(x, x))
        .FirstOrDefault();

    /// <summary>The names that a module imports from its own tree: modules and what is in them.</summary>
    /// <returns>By name; of what is no module, <c>module:name</c>.</returns>
    public IReadOnlyDictionary<string, string> Imports(string text)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Match line in FromImport().Matches(text))
        {
            var module = line.Groups["module"].Value;
            foreach (var item in line.Groups["names"].Value.Trim('(', ')').Split(',', StringSplitOptions.TrimEntries))
            {
                if (item.Split(' ', StringSplitOptions.RemoveEmptyEntries) is not [var name, ..] parts) continue;
                names[parts[^1]] = Read($"{module}.{name}") is null ? $"{module}:{name}" : $"{module}.{name}";
            }
        }

        foreach (Match line in ImportAs().Matches(text))
            names[line.Groups["name"].Value] = line.Groups["module"].Value;
        return names;
    }

    /// <summary>Whether a module has a function that can be called without arguments.</summary>
    public bool HasFactory(string module, string function) => Read(module) is { } text
        && Regex.IsMatch(text, $@"(?m)^def {Regex.Escape(function)}\((?:\s*\w+\s*(?::[^=,()]+)?=[^,()]*,?)*\s*\)");

    [GeneratedRegex(@"(?m)^from (?<module>[\w.]+) import (?<names>\([^)]*\)|[^\n(]+)$")]
    private static partial Regex FromImport();

    [GeneratedRegex(@"(?m)^import (?<module>[\w.]+) as (?<name>\w+)$")]
    private static partial Regex ImportAs();
}
