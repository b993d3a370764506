using System.Text.RegularExpressions;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>The outline of a patch file: which file's hunks are on which line.</summary>
sealed partial class PatchText
{
    const string Diff = "diff --git ";

    readonly List<(string File, List<int> Hunks)> _files = [];

    PatchText(string[] lines)
    {
        var hunk = (Old: 0, New: 0);
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (hunk.Old > 0 || hunk.New > 0)
            {
                // Inside of a hunk '--- x' is a removed line.
                if (!line.StartsWith('+') && !line.StartsWith('\\')) hunk.Old--;
                if (!line.StartsWith('-') && !line.StartsWith('\\')) hunk.New--;
            }
            else if (line.StartsWith(Diff, StringComparison.Ordinal)) _files.Add((line[(line.LastIndexOf(" b/", StringComparison.Ordinal) + 3)..], []));
            else if (line.StartsWith("+++ ", StringComparison.Ordinal)) NameFile(lines[i - (i > 0 ? 1 : 0)], line);
            else if (_files.Count > 0 && HunkHeader().Match(line) is { Success: true } x)
            {
                _files[^1].Hunks.Add(i + 1);
                hunk = (Count(x.Groups["old"]), Count(x.Groups["new"]));
            }
        }
    }

    /// <summary>The line, from 1, of the n-th hunk, from 1, of a file; 0 when the outline has none such.</summary>
    public int LineOfHunk(string file, int number) =>
        _files.Where(x => x.File == file).SelectMany(x => x.Hunks).ElementAtOrDefault(number - 1);

    /// <summary>Reads a patch; what cannot be one is told in <paramref name="problem"/>.</summary>
    public static PatchText Read(string path, string label, out Problem? problem)
    {
        var lines = File.ReadAllText(path, System.Text.Encoding.Latin1).Split('\n');
        var text = new PatchText(lines);
        var header = Array.FindIndex(lines, x => x.StartsWith("+++ ", StringComparison.Ordinal) || x.StartsWith(Diff, StringComparison.Ordinal));
        problem = lines.All(string.IsNullOrWhiteSpace)
            ? new Problem("The patch is empty", label, Remedy: "Delete it, or write it anew with 'git format-patch'")
            : header < 0 ? new Problem("The file is no patch", label, Expected: "the output of 'git format-patch' or 'git diff'")
            : lines[header].EndsWith('\r') ? new Problem(
                "The patch has CRLF line ends", label, header + 1, Expected: "LF, as git writes it",
                Remedy: "Convert it with 'dos2unix', and let .gitattributes say '*.patch -text'")
            : null;
        return text;
    }

    /// <summary>Without a <c>diff --git</c> line, the file is named by the <c>---</c> and <c>+++</c> lines alone.</summary>
    void NameFile(string oldLine, string newLine)
    {
        var name = newLine.StartsWith("+++ /dev/null", StringComparison.Ordinal) ? oldLine : newLine;
        name = name.Split('\t')[0].Trim();
        name = name[(name.IndexOf('/') + 1)..];
        if (_files.Count == 0 || _files[^1].Hunks.Count > 0 || _files[^1].File != name) _files.Add((name, []));
    }

    static int Count(Group group) => int.TryParse(group.Value, out var count) ? count : 1;

    [GeneratedRegex(@"^@@ -\d+(,(?<old>\d+))? \+\d+(,(?<new>\d+))? @@")]
    private static partial Regex HunkHeader();
}
