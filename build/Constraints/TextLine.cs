namespace OpenStack.Constraints;

/// <summary>The lines of a requirements file as pip reads them, whatever the line ends and whether or not the last line has one.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Content">What stands before a comment, without blanks around it.</param>
/// <param name="Column">Column of the content, from 1.</param>
/// <param name="Comment">The comment without <c>#</c> and blanks; null where there is none.</param>
/// <param name="Text">The whole line without the blanks at its end.</param>
readonly record struct TextLine(int Number, string Content, int Column, string? Comment, string Text)
{
    public static IEnumerable<TextLine> Of(string text)
    {
        var number = 0;
        foreach (var line in (text.StartsWith('\uFEFF') ? text[1..] : text).Split('\n'))
        {
            number++;
            var hash = CommentStart(line);
            var content = line[..hash];
            yield return new TextLine(number, content.Trim(), 1 + content.Length - content.TrimStart().Length,
                hash < line.Length ? line[(hash + 1)..].Trim() : null, line.TrimEnd());
        }
    }

    /// <summary>A comment begins at the start of a line or after a blank.</summary>
    static int CommentStart(string line)
    {
        for (var i = line.IndexOf('#'); i >= 0; i = line.IndexOf('#', i + 1))
            if (i == 0 || char.IsWhiteSpace(line[i - 1])) return i;
        return line.Length;
    }
}
