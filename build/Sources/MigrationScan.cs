using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// The commands that bring a service's database up to date, as the project's own devstack plugin runs them: it is what
/// every change of the project is tried with, so it is never behind the code.
/// </summary>
static partial class MigrationScan
{
    /// <summary>Where a plugin is.</summary>
    public const string Directory = "devstack";

    /// <summary>Names of scripts that do nothing else.</summary>
    static readonly string[] s_programs = ["dbsync", "db-sync", "-upgrade", "-storage-init"];

    /// <summary>What does it as a command of a script.</summary>
    static readonly string[] s_commands = ["db_sync", "sync", "upgrade"];

    /// <param name="scripts">The scripts of the tree: nothing else is run.</param>
    /// <returns>In the order in which they are run, without the options that name files.</returns>
    public static IReadOnlyList<string> Commands(AbsolutePath tree, IReadOnlyCollection<string> scripts)
    {
        if (!System.IO.Directory.Exists(tree / Directory)) return [];
        var texts = FileTree.Entries(tree / Directory).Where(x => x.Entry is FileInfo)
            .OrderBy(x => x.Name, StringComparer.Ordinal)
            .Select(x => Continuation().Replace(Utf8File.Read(tree / Directory / x.Name, x.Name), " "))
            .ToList();
        var variables = texts.SelectMany(x => Assignment().Matches(x))
            .Where(x => scripts.Contains(x.Groups["value"].Value))
            .DistinctBy(x => x.Groups["name"].Value)
            .ToDictionary(x => x.Groups["name"].Value, x => x.Groups["value"].Value, StringComparer.Ordinal);
        var found = texts.SelectMany(x => x.Split('\n', ';', '&', '|'))
            .Select(x => CommandOf(x, scripts, variables)).OfType<string>()
            .Distinct(StringComparer.Ordinal).ToList();
        // One that says more than another is the other one, with what is its default, or an option of the plugin's.
        return [.. found.Where(x => !found.Any(y =>
            x != y && x.StartsWith(y + " ", StringComparison.Ordinal)))];
    }

    static string? CommandOf(string line, IReadOnlyCollection<string> scripts,
        IReadOnlyDictionary<string, string> variables)
    {
        if (line.TrimStart().StartsWith('#')) return null;
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToList();
        var at = words.FindIndex(x => ScriptOf(x, scripts, variables) is not null);
        if (at < 0 || words[0] is "echo" or "die" or "function") return null;
        var script = ScriptOf(words[at], scripts, variables)!;
        var rest = new List<string>();
        foreach (var word in words[(at + 1)..])
        {
            if (!Word().IsMatch(word)) break;
            rest.Add(word);
        }

        if (script.EndsWith("-status", StringComparison.Ordinal)) return null;
        var isMigration = s_programs.Any(x => script.EndsWith(x, StringComparison.Ordinal))
            ? rest.All(x => x is "upgrade" || x.StartsWith('-'))
            : s_commands.Any(x => rest.Take(2).Contains(x) && !rest[0].StartsWith('-'));
        return isMigration ? string.Join(' ', rest.Prepend(script)) : null;
    }

    static string? ScriptOf(string word, IReadOnlyCollection<string> scripts,
        IReadOnlyDictionary<string, string> variables)
    {
        var name = word.Trim('"').Split('/')[^1];
        return scripts.Contains(name) ? name : variables.GetValueOrDefault(name.Trim('$', '{', '}'));
    }

    [GeneratedRegex(@"\\\n\s*|--config-(?:file|dir)[ =]\s*\S+")]
    private static partial Regex Continuation();

    [GeneratedRegex(@"(?m)^\s*(?:export |local )?(?<name>\w+)=""?(?:\S*/)?(?<value>[\w-]+)""?\s*$")]
    private static partial Regex Assignment();

    [GeneratedRegex("^[A-Za-z0-9_-]+$")]
    private static partial Regex Word();
}
