using System.Globalization;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Sources;

namespace OpenStack.Backports;

/// <summary>One change that is to be taken into releases: a commit of upstream's, or a mail.</summary>
/// <param name="Author">Name, address and date as a commit has them: <c>A &lt;a@example.org&gt; 1700000000
/// +0100</c>.</param>
/// <param name="Message">All of it, with a final line end.</param>
/// <param name="Text">What it changes, before it is taken anywhere.</param>
sealed record UpstreamChange(string Author, string Message, PatchText Text, PatchHeader Header)
{
    /// <summary>Full id; null of a mail.</summary>
    public string? Commit { get; init; }

    /// <summary>The commit before it; null of a mail, and of the first commit of a history.</summary>
    public string? Parent { get; init; }

    /// <summary>The patch of a mail, in a file of its own; null of a commit.</summary>
    public AbsolutePath? Patch { get; init; }

    /// <summary>What git knows the same change by; null where it changes no lines.</summary>
    public string? PatchId { get; init; }

    public override string ToString() => Commit is null ? $"'{Header.Subject}'" : $"{Commit[..10]} '{Header.Subject}'";

    /// <summary>What the message and the author say, read as that of a patch is.</summary>
    public static PatchHeader HeaderOf(string name, string email, string date, string message)
    {
        var lines = message.Split('\n', 2);
        var mail = $"From: {name} <{email}>\nDate: {date}\nSubject: {lines[0]}\n\n"
            + $"{lines.ElementAtOrDefault(1)?.Trim()}\n";
        return PatchHeader.Parse(Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(mail)));
    }

    /// <summary>A date as a commit has it.</summary>
    public static string RawDate(DateTimeOffset date) => string.Create(CultureInfo.InvariantCulture,
        $"{date.ToUnixTimeSeconds()} {(date.Offset < TimeSpan.Zero ? '-' : '+')}{date.Offset:hhmm}");
}
