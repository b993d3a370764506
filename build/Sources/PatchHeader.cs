using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace OpenStack.Sources;

/// <summary>
/// Who changed what, and why: the mail header and message of <c>git format-patch</c>, or the fields of Debian's patch
/// tagging guidelines (DEP-3). A patch without any of it has an empty header, and nothing in one is an error.
/// </summary>
/// <param name="Subject">Without <c>[PATCH 1/2]</c>; empty where there is none.</param>
/// <param name="Body">The message below the subject, trailers included.</param>
/// <param name="DependsOn">Change-Ids or urls of <c>Depends-On</c>.</param>
/// <param name="CherryPickedFrom">Commits, in the order of the message.</param>
/// <param name="Vulnerabilities">CVE and OSSA ids that the message or the name of the file names, in upper
/// case.</param>
/// <param name="Reviews">Urls of a Gerrit.</param>
/// <param name="ChangeId">Gerrit's, which a change keeps through rebases and on other branches.</param>
/// <param name="UpstreamStatus">Value of <c>Upstream-Status</c> or <c>Forwarded</c>.</param>
public sealed partial record PatchHeader(
    string Subject,
    string Body,
    IReadOnlyList<BugReference> Bugs,
    IReadOnlyList<string> DependsOn,
    IReadOnlyList<string> CherryPickedFrom,
    IReadOnlyList<string> Vulnerabilities,
    IReadOnlyList<string> Reviews,
    string? Author = null,
    string? Email = null,
    DateTimeOffset? Date = null,
    string? ChangeId = null,
    string? UpstreamStatus = null)
{
    static readonly string[] s_dates = ["d MMM yyyy H:m:s zzz", "d MMM yyyy H:m zzz", "yyyy-MM-dd",
        "yyyy-MM-dd H:m:s zzz"];

    /// <summary>Reads what stands above the first change.</summary>
    /// <param name="patch">The whole patch, its bytes one a character, as in <see cref="PatchText.Text"/>.</param>
    public static PatchHeader Parse(string patch)
    {
        var message = MailMessage.Parse(PatchText.Utf8(patch[..MailMessage.End(patch)]));
        var text = message.All;
        var subject = Tags().Replace(message.Unfolded("Subject") ?? "", "").Trim();
        var body = message.Body;
        if (subject.Length == 0 && message.Raw("Description") is { } description)
        {
            subject = description.Split('\n')[0].Trim();
            body = string.Join('\n', description.Split('\n').Skip(1).Select(x => x.Trim() is "." ? "" : x.Trim()));
        }

        var (name, email) = Address(message.Raw("From") is { } from ? from : message.Raw("Author") ?? "");
        return new PatchHeader(
            subject,
            body.Trim(),
            [.. Bug().Matches(text).SelectMany(BugsOf).Distinct()],
            All(Depends(), text),
            All(CherryPick(), text),
            Ids(Vulnerability(), text),
            All(Review(), text),
            name,
            email,
            DateOf(message.Unfolded("Date")),
            Change().Matches(text).LastOrDefault()?.Groups["id"].Value,
            All(Status(), text) is [var status, ..] ? status : null);
    }

    /// <summary>CVE and OSSA ids in the name of a file, in upper case.</summary>
    public static IReadOnlyList<string> VulnerabilitiesIn(string file) => Ids(VulnerabilityOfName(), file);

    static IReadOnlyList<string> Ids(Regex regex, string text) =>
        [.. All(regex, text).Select(x => x.ToUpperInvariant()).Distinct(StringComparer.Ordinal)];

    static IReadOnlyList<string> All(Regex regex, string text) =>
        [.. regex.Matches(text)
            .Select(x => x.Groups["value"].Value.Trim())
            .Where(x => x.Length > 0)
            .Distinct(StringComparer.Ordinal)];

    static IEnumerable<BugReference> BugsOf(Match trailer)
    {
        var relation = Enum.Parse<BugRelation>(trailer.Groups["relation"].Value, ignoreCase: true);
        return BugNumber()
            .Matches(trailer.Groups["bugs"].Value)
            .Select(x => new BugReference(relation, long.Parse(x.Value, CultureInfo.InvariantCulture)));
    }

    /// <summary><c>Name &lt;address&gt;</c>, <c>address (Name)</c>, or one of the two alone.</summary>
    static (string? Name, string? Email) Address(string text)
    {
        var match = NameAndAddress().Match(MailMessage.Unfold(text));
        if (!match.Success) match = AddressAndName().Match(MailMessage.Unfold(text));
        var name = match.Success
            ? match.Groups["name"].Value.Trim() : text.Contains('@') ? "" : MailMessage.Unfold(text).Trim();
        var email = match.Success ? match.Groups["email"].Value.Trim() : text.Contains('@') ? text.Trim() : "";
        if (name is ['"', .., '"']) name = Escape().Replace(name[1..^1], "$1");
        name = EncodedWords.Decode(name);
        return (name.Length > 0 ? name : null, email.Length > 0 ? email : null);
    }

    /// <summary>RFC 5322 §3.3; the day of the week does not count.</summary>
    static DateTimeOffset? DateOf(string? text)
    {
        if (text is null) return null;
        var plain = Zone().Replace(WeekdayOrComment().Replace(text, "").Trim(), "+0000");
        return DateTimeOffset.TryParseExact(plain, s_dates, CultureInfo.InvariantCulture,
            DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal, out var date)
            ? date
            : null;
    }

    /// <summary><c>[PATCH v2 1/3]</c>, <c>Re:</c>.</summary>
    [GeneratedRegex(@"^\s*((\[[^\]]*PATCH[^\]]*\]|Re:|Fwd?:)\s*)+", RegexOptions.IgnoreCase)]
    private static partial Regex Tags();

    [GeneratedRegex(@"^(?<relation>Closes|Partial|Related)-Bug:(?<bugs>.*)$",
        RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Bug();

    [GeneratedRegex(@"(?<![\w.-])[0-9]{3,12}(?![\w-])")]
    private static partial Regex BugNumber();

    [GeneratedRegex(@"^Change-Id:[ \t]*(?<id>I[0-9a-f]{40})[ \t]*$", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Change();

    [GeneratedRegex(@"^Depends-On:[ \t]*(?<value>\S+)", RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Depends();

    [GeneratedRegex(@"\(cherry[ -]picked from commit (?<value>[0-9a-f]{7,64})\)", RegexOptions.IgnoreCase)]
    private static partial Regex CherryPick();

    /// <summary>cve.org and security.openstack.org.</summary>
    [GeneratedRegex(@"(?<![\w-])(?<value>CVE-[0-9]{4}-[0-9]{4,19}|OSSA-[0-9]{4}-[0-9]{3,6})(?![\w-])",
        RegexOptions.IgnoreCase)]
    private static partial Regex Vulnerability();

    /// <summary>
    /// Names such as <c>CVE-2031-22222.patch</c>, <c>0001-CVE-2031-22222-1.patch</c>,
    /// <c>CVE-2031-22222_CVE-2031-22223.patch</c>: Debian's security team and OpenEmbedded's cve-check both go by them.
    /// </summary>
    [GeneratedRegex(@"(?<![A-Za-z0-9])(?<value>CVE-[0-9]{4}-[0-9]{4,19}|OSSA-[0-9]{4}-[0-9]{3,6})(?![0-9])",
        RegexOptions.IgnoreCase)]
    private static partial Regex VulnerabilityOfName();

    [GeneratedRegex(@"^(Upstream-Status|Forwarded):[ \t]*(?<value>.*)$",
        RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex Status();

    [GeneratedRegex(@"(?<value>https?://review\.[A-Za-z0-9.-]+/[^\s<>""']*[A-Za-z0-9/])")]
    private static partial Regex Review();

    [GeneratedRegex(@"^(?<name>[^<]*)<(?<email>[^<>]*)>")]
    private static partial Regex NameAndAddress();

    [GeneratedRegex(@"^\s*(?<email>[^\s()]+@[^\s()]+)\s*\((?<name>[^()]*)\)")]
    private static partial Regex AddressAndName();

    [GeneratedRegex(@"\\(.)")]
    private static partial Regex Escape();

    [GeneratedRegex(@"^\s*[A-Za-z]{3},\s*|\([^)]*\)\s*$")]
    private static partial Regex WeekdayOrComment();

    [GeneratedRegex(@"\b(GMT|UTC?|Z)$")]
    private static partial Regex Zone();
}

/// <summary>What a patch means for a bug on Launchpad.</summary>
public enum BugRelation
{
    [JsonStringEnumMemberName("closes")] Closes,
    [JsonStringEnumMemberName("partial")] Partial,
    [JsonStringEnumMemberName("related")] Related,
}

/// <summary>A trailer such as <c>Closes-Bug: #2085902</c>.</summary>
public sealed record BugReference(BugRelation Relation, long Number);
