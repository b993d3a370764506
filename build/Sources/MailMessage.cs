using System.Text.RegularExpressions;

namespace OpenStack.Sources;

/// <summary>
/// A mail (RFC 5322) as <c>git format-patch</c> writes it, or fields and text in that form. Nothing is an error.
/// </summary>
sealed partial class MailMessage
{
    static readonly string[] s_inBody = ["From", "Subject", "Date"];

    readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Everything, fields unfolded and decoded, for what may stand anywhere.</summary>
    public required string All { get; init; }

    /// <summary>The text below the fields.</summary>
    public string Body { get; private set; } = "";

    /// <summary>The value of a field with its line ends; null where there is none.</summary>
    public string? Raw(string field) => _fields.GetValueOrDefault(field);

    /// <summary>The value of a field as one decoded line.</summary>
    public string? Unfolded(string field) => Raw(field) is { } value ? EncodedWords.Decode(Unfold(value)).Trim() : null;

    /// <summary>RFC 5322 §2.2.3, and one blank for however many.</summary>
    public static string Unfold(string value) => Fold().Replace(value, " ");

    /// <summary>
    /// Index of the first change of a patch, or of the line <c>---</c> before it: nothing of the message comes after
    /// it.
    /// </summary>
    public static int End(string patch) => Change().Match(patch) is { Success: true } x ? x.Index : patch.Length;

    public static MailMessage Parse(string text)
    {
        // Git passes over empty lines before a mail.
        text = Mercurial(text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart('\n'));
        var lines = text.Split('\n');
        // The first line of a mailbox: 'From <commit> <date>'.
        var start = lines[0].StartsWith("From ", StringComparison.Ordinal) ? 1 : 0;
        var fields = Fields(lines, ref start);
        var message = new MailMessage
        {
            All = string.Join('\n',
                fields.Select(x => $"{x.Name}: {EncodedWords.Decode(Unfold(x.Value))}").Concat(lines.Skip(start))),
        };
        foreach (var (name, value) in fields) message._fields.TryAdd(name, value);
        // Of a mail that somebody else sends, the message begins with whose change it is.
        var body = start;
        while (body < lines.Length && lines[body].Length == 0) body++;
        var inBody = Fields(lines, ref body);
        if (inBody.Count > 0 && inBody.TrueForAll(x => s_inBody.Contains(x.Name, StringComparer.OrdinalIgnoreCase)))
        {
            foreach (var (name, value) in inBody) message._fields[name] = value;
            start = body;
        }

        message.Body = string.Join('\n', lines.Skip(start));
        return message;
    }

    /// <summary>
    /// What <c>hg export</c> writes, as a mail; git reads it, too. Its comments are fields, and the first line below
    /// them is the subject.
    /// </summary>
    static string Mercurial(string text)
    {
        const string user = "# User ";
        if (!text.StartsWith("# HG changeset patch\n", StringComparison.Ordinal)) return text;
        var lines = text.Split('\n');
        var from = lines.FirstOrDefault(x => x.StartsWith(user, StringComparison.Ordinal));
        var message = lines.SkipWhile(x => x.StartsWith('#')).SkipWhile(x => x.Length == 0).ToList();
        return (from is null ? "" : $"From: {from[user.Length..]}\n")
            + $"Subject: {message.FirstOrDefault()}\n\n{string.Join('\n', message.Skip(1))}";
    }

    /// <param name="i">First line; afterwards the first that is no field, less an empty one between the two.</param>
    static List<(string Name, string Value)> Fields(string[] lines, ref int i)
    {
        var fields = new List<(string Name, string Value)>();
        for (; i < lines.Length && lines[i].Length > 0; i++)
        {
            if (fields.Count > 0 && lines[i][0] is ' ' or '\t')
                fields[^1] = (fields[^1].Name, $"{fields[^1].Value}\n{lines[i]}");
            else if (Field().Match(lines[i]) is { Success: true } x)
                fields.Add((x.Groups["name"].Value, x.Groups["value"].Value));
            else break;
        }

        if (fields.Count > 0 && i < lines.Length && lines[i].Length == 0) i++;
        return fields;
    }

    [GeneratedRegex(@"^(?<name>[A-Za-z][A-Za-z0-9-]*):[ \t]*(?<value>.*)$")]
    private static partial Regex Field();

    [GeneratedRegex(@"\n[ \t]*")]
    private static partial Regex Fold();

    [GeneratedRegex(@"^(---[ \t\r]*$|diff --git |--- .*\n\+\+\+ |Index: )", RegexOptions.Multiline)]
    private static partial Regex Change();
}
