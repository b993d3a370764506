using System.Text.RegularExpressions;

namespace OpenStack.Sources;

/// <summary>
/// Mails in one file, as <c>git format-patch --stdout</c> writes them and <c>git mailsplit</c> takes them apart.
/// </summary>
static partial class MailBox
{
    /// <summary>
    /// The mails, each with the number of lines of the file before it. A file that does not begin with the line that
    /// separates mails is one mail, whatever is in it.
    /// </summary>
    public static IReadOnlyList<(int Before, string Text)> Split(string text)
    {
        var start = text.Length - text.TrimStart().Length;
        var begins = Separator().Matches(text).Select(x => x.Index).ToList();
        if (begins.Count < 2 || begins[0] != start) return [(0, text)];
        var mails = new List<(int, string)>();
        var before = 0;
        for (var i = 0; i < begins.Count; i++)
        {
            var mail = text[(i == 0 ? 0 : begins[i])..(i + 1 < begins.Count ? begins[i + 1] : text.Length)];
            mails.Add((before, mail));
            before += mail.Count(x => x == '\n');
        }

        return mails;
    }

    /// <summary>'From ', anything, and at its end a time of day and a year, as mbox(5) has it.</summary>
    [GeneratedRegex(@"^From .*[0-9][^\n][0-9]{2}:[0-9]{2}[ \t]*\+?0*(?:9[1-9]|[1-9][0-9]{2,})[^:\n]*$",
        RegexOptions.Multiline)]
    private static partial Regex Separator();
}
