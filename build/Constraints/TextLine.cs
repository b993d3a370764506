using System.Text.RegularExpressions;
using OpenStack.Diagnostics;

namespace OpenStack.Constraints;

/// <summary>
/// The lines of a requirements file as pip reads them ("Requirements File Format"), whatever the line ends and whether
/// or not the last line has one: a line that ends in <c>\</c> goes on in the next.
/// </summary>
/// <param name="Number">From 1; of the first where there are several.</param>
/// <param name="Content">What stands before a comment and before options, without blanks around it.</param>
/// <param name="Column">Column of the content, from 1.</param>
/// <param name="Comment">The comment without <c>#</c> and blanks; null where there is none.</param>
/// <param name="Text">The whole line without the blanks at its end; joined where it was parted.</param>
/// <param name="Options">Options of pip, as in <c>--hash=sha256:…</c> behind a requirement or <c>-r file</c> alone;
/// null where there are none.</param>
readonly partial record struct TextLine(int Number, string Content, int Column, string? Comment, string Text,
    string? Options)
{
    /// <summary>Where the lines that were joined begin: offset in the whole, and number.</summary>
    (int Offset, int Line)[] Parts { get; init; } = [];

    public static IEnumerable<TextLine> Of(string text)
    {
        var lines = (text.StartsWith('\uFEFF') ? text[1..] : text).ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var parts = new List<(int Offset, int Line)>();
            var (first, joined) = (i, "");
            // A comment does not go on.
            for (; lines[i].EndsWith('\\') && i + 1 < lines.Length && !CommentStart().IsMatch(lines[i]); i++)
                Add(lines[i][..^1]);
            Add(lines[i]);
            yield return Of(first + 1, joined, [.. parts]);

            void Add(string part)
            {
                parts.Add((joined.Length, i + 1));
                joined += part;
            }
        }
    }

    /// <summary>All options in a file, which nothing here heeds, as one problem; null where there are none.</summary>
    public static Problem? OptionsIn(IReadOnlyList<TextLine> lines, string file)
    {
        var options = lines.Where(x => x.Options is not null)
            .SelectMany(x => Option().Matches(x.Options!).Select(option => (Name: option.Value, x.Number))).Distinct()
            .ToLookup(x => x.Name, x => x.Number);
        if (options.Count == 0) return null;
        var found = options.Select(x => $"{x.Key} ({(x.Count() == 1 ? "line" : "lines")} {string.Join(", ", x)})");
        return new Problem($"options of pip are not heeded here: {string.Join(", ", found)}", file,
            options.Min(x => x.Min()), 1,
            "requirements alone", "Leave them out"
                + (options.Contains("--hash") ? "; a version is what is fixed, a hash is not compared" : ""));
    }

    /// <summary>A problem with the content where it stands in the file.</summary>
    public Problem Place(Problem problem, string file)
    {
        var offset = Column - 1 + problem.Column - 1;
        var part = Parts.Last(x => x.Offset <= offset);
        return problem with { File = file, Line = part.Line, Column = offset - part.Offset + 1 };
    }

    static TextLine Of(int number, string line, (int Offset, int Line)[] parts)
    {
        var comment = CommentStart().Match(line);
        var content = comment.Success ? line[..comment.Index] : line;
        var options = OptionsStart().Match(content);
        if (options.Success) content = content[..options.Index];
        return new TextLine(number, content.Trim(), 1 + content.Length - content.TrimStart().Length,
            comment.Success ? comment.Value.TrimStart()[1..].Trim() : null, line.TrimEnd(), options.Success
                ? options.Value.Trim() : null)
        {
            Parts = parts,
        };
    }

    /// <summary>A comment begins at the start of a line or after a blank.</summary>
    [GeneratedRegex(@"(?:^|\s+)#.*\z", RegexOptions.Singleline)]
    private static partial Regex CommentStart();

    /// <summary>An option of one letter has its value behind a blank: <c>-name</c> removes a pin.</summary>
    [GeneratedRegex(@"(?:^\s*|\s+)(?:--[a-z]|-[A-Za-z](?=[\s=]+\S)).*\z", RegexOptions.Singleline)]
    private static partial Regex OptionsStart();

    [GeneratedRegex(@"(?<=^|\s)(?:--[a-z-]+|-[A-Za-z](?=[\s=]))")]
    private static partial Regex Option();
}
