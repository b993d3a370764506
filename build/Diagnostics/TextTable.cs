namespace OpenStack.Diagnostics;

/// <summary>Rows under headings, for a terminal or for a Markdown file.</summary>
/// <param name="Headings">One per column.</param>
/// <param name="Rows">Each with as many cells as there are headings.</param>
public sealed record TextTable(IReadOnlyList<string> Headings, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    /// <summary>The table as lines of text, columns padded to their widest cell and two blanks apart.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            var widths = Headings.Select((x, i) => Rows.Select(row => row[i].Length).Append(x.Length).Max()).ToList();
            return [.. Rows.Prepend(Headings)
                .Select(row => string.Join("  ", row.Select((x, i) => x.PadRight(widths[i]))).TrimEnd())];
        }
    }

    /// <summary>The table in GitHub's Markdown, with a final newline.</summary>
    public string Markdown => string.Concat(
        Rows.Select(x => x.Select(Escape))
            .Prepend(Headings.Select(_ => "---"))
            .Prepend(Headings)
            .Select(row => $"| {string.Join(" | ", row)} |\n"));

    /// <summary>Text that Markdown shows as it is.</summary>
    public static string Escape(string cell) => string.Concat(cell.Select(x => x switch
    {
        '\r' or '\n' => " ",
        '\\' or '|' or '<' or '*' or '_' or '`' or '[' or '&' => $"\\{x}",
        _ => x.ToString(),
    }));
}
