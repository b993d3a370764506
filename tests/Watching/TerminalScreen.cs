using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace OpenStack.Tests.Watching;

/// <summary>
/// What a terminal shows, with its history: as much of ECMA-48 as is written to it. Whatever else would be a mistake.
/// </summary>
sealed partial class TerminalScreen
{
    readonly List<StringBuilder> _lines = [new()];
    int _row;
    int _column;

    /// <summary>The lines, without the end that nothing stands on.</summary>
    public IReadOnlyList<string> Lines =>
        [.. _lines.Select(x => x.ToString().TrimEnd()).Reverse().SkipWhile(x => x.Length == 0).Reverse()];

    /// <summary>Whether the cursor stands where a shell would go on.</summary>
    public bool IsAtEnd => _column == 0 && _row == Lines.Count;

    public void Write(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\e')
            {
                var match = Sequence().Match(text, i);
                Assert.True(match.Success && match.Index == i, $"unknown: {text[i..Math.Min(text.Length, i + 8)]}");
                Obey(match.Groups["command"].Value, match.Groups["number"].Value);
                i += match.Length - 1;
            }
            else if (text[i] == '\r')
            {
                _column = 0;
            }
            else if (text[i] == '\n')
            {
                _column = 0;
                if (++_row == _lines.Count) _lines.Add(new());
            }
            else
            {
                var line = _lines[_row];
                if (line.Length <= _column) line.Append(' ', _column - line.Length + 1);
                line[_column++] = text[i];
            }
        }
    }

    void Obey(string command, string number)
    {
        switch (command)
        {
            case "A":
                _row -= int.Parse(number, CultureInfo.InvariantCulture);
                Assert.True(_row >= 0, "above the first line");
                break;
            case "J":
                _lines[_row].Length = Math.Min(_lines[_row].Length, _column);
                _lines.RemoveRange(_row + 1, _lines.Count - _row - 1);
                break;
        }
    }

    /// <summary>
    /// CUU, ED and SGR; and what .NET says to a terminal when it meets one: application keys, and where the cursor is.
    /// </summary>
    [GeneratedRegex(@"\G\e(\[(?<number>\d*)(;\d+)*(?<command>[AJm])|\[\?(1h|1l)|=|>|\[6n)")]
    private static partial Regex Sequence();
}
