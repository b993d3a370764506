using System.Text;
using System.Text.RegularExpressions;

namespace OpenStack.Lab;

/// <summary>
/// Scripts, styles and fonts packed as Python distributions (XStatic). Debian's point to the directories of other
/// packages; PyPI's, like these then, hold the files themselves.
/// </summary>
static partial class XStatic
{
    /// <summary>Puts the files that a module points to into its <c>data</c> directory, and points it there.</summary>
    /// <returns>What was done, for the report.</returns>
    public static IReadOnlyList<string> Bundle(Dictionary<string, DebFile> modules, Func<DebTree> tree)
    {
        var notes = new List<string>();
        foreach (var module in modules.Keys.Where(x => Module().IsMatch(x)).ToList())
        {
            var text = Encoding.UTF8.GetString(modules[module].Bytes);
            if (BaseDirectory().Match(text) is not { Success: true } match) continue;
            var directory = Path.GetDirectoryName(module)!;
            var place = match.Groups["place"].Value + (match.Groups["name"].Success ? Path.GetFileName(directory) : "");
            var files = tree().Below(place.Trim('/'));
            notes.Add($"{module}: {files.Count} files of {place} put into the wheel");
            foreach (var (tail, file) in files) modules[$"{directory}/data{tail}"] = file;
            text = BaseDirectory()
                .Replace(text, "from os.path import dirname, join\nBASE_DIR = join(dirname(__file__), 'data')");
            modules[module] = new DebFile(Encoding.UTF8.GetBytes(text), modules[module].IsExecutable);
        }

        return notes;
    }

    [GeneratedRegex("^xstatic/pkg/[^/]+/__init__.py$")]
    private static partial Regex Module();

    [GeneratedRegex(@"^BASE_DIR *= *'(?<place>/usr/share/[^']*)'(?<name> *\+ *NAME)?[ \t]*$", RegexOptions.Multiline)]
    private static partial Regex BaseDirectory();
}
