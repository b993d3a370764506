using System.Globalization;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sbom;

/// <summary>
/// <c>images/scan.yaml</c>: what a scan fails on. What is ignored without a reason, or for longer than was meant, is a
/// mistake.
/// </summary>
[DescribedFile("Which vulnerabilities fail Scan, and which are ignored, with a reason", Place = Place)]
sealed class ScanPolicyFile : YamlReader
{
    public const string Name = CatalogLoader.ScanPolicy;

    public const string Place = "images/" + Name;

    const string FailOn = "fail-on";
    const string Ignore = "ignore";
    const string Id = "id";
    const string Reason = "reason";
    const string Expires = "expires";
    const string Services = "services";
    const string Never = "none";

    static readonly string[] s_severities = [.. Enum.GetNames<VulnerabilitySeverity>()
        .Select(x => x.ToLowerInvariant())
        .Where(x => x != "unknown")];

    static readonly NameRule s_severity = new("severity", string.Join(", ", s_severities.Append(Never)),
        x => x == Never || s_severities.Contains(x));
    static readonly NameRule s_id = new("vulnerability", "an id as in CVE-2025-1234 or GHSA-xxxx-xxxx-xxxx",
        x => x.Length is > 4 and <= 64
            && x.Contains('-')
            && x.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or ':' or '.'))
    {
        Pattern = "^(?=.*-)[A-Za-z0-9:.-]{5,64}$",
    };
    static readonly NameRule s_reason = new("reason", "a sentence",
        x => !string.IsNullOrWhiteSpace(x) && !x.Any(char.IsControl))
    {
        Pattern = @"^(?=.*\S)[^\x00-\x1f\x7f-\x9f]+$",
    };
    static readonly NameRule s_date = new("day", "year-month-day in quotes, as in \"2026-12-31\"",
        x => DateOf(x) is not null)
    {
        Pattern = "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
    };

    static readonly YamlFields s_ignored = new(
        new(Id, "The vulnerability", YamlShape.Text(s_id), IsRequired: true),
        new(Reason, "Why it does not count", YamlShape.Text(s_reason), IsRequired: true),
        new(Expires, "The last day on which that holds, in quotes", YamlShape.Text(s_date), IsRequired: true),
        new(Services, "The services that it is about; all where nothing is said",
            YamlShape.List(YamlShape.Text(Names.Component))));

    public static YamlFields Shape { get; } = new(
        new(FailOn, "Vulnerabilities of this severity or worse fail Scan", YamlShape.OneOf([.. s_severities, Never])),
        new(Ignore, "Vulnerabilities that do not count", YamlShape.Sequence(s_ignored)));

    readonly DateOnly _today;

    ScanPolicyFile(string file, List<Problem> problems, DateOnly today)
        : base(file, problems) => _today = today;

    /// <param name="file">The file's name in messages.</param>
    /// <param name="today">After what has expired is a mistake.</param>
    /// <exception cref="ProblemException">All mistakes of the file.</exception>
    public static ScanPolicy Parse(string text, string file, DateOnly today)
    {
        var problems = new List<Problem>();
        var policy = new ScanPolicyFile(file, problems, today).Parse(text);
        ProblemException.ThrowIfAny(problems);
        return policy;
    }

    static DateOnly? DateOf(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture,
        DateTimeStyles.None, out var date)
        ? date
        : null;

    ScanPolicy Parse(string text)
    {
        var policy = new ScanPolicy(VulnerabilitySeverity.High, []);
        foreach (var (key, value) in Entries(ReadRoot(text), string.Join(", ", Shape.Keys)))
        {
            switch (key.Value)
            {
                case FailOn:
                    if (Text(value, s_severity) is { } severity)
                        policy = policy with
                        {
                            FailOn = severity == Never
                                ? null
                                : Enum.Parse<VulnerabilitySeverity>(severity, ignoreCase: true),
                        };
                    break;
                case Ignore when value is YamlSequence list:
                    policy = policy with
                    {
                        Ignored = [.. list.Items.Select(ParseIgnored).OfType<IgnoredVulnerability>()],
                    };
                    break;
                case Ignore:
                    Report(value, $"there is {value.Kind}", "a list", "Write [] for none");
                    break;
                default:
                    ReportUnknown(key, Shape.Keys);
                    break;
            }
        }

        return policy;
    }

    IgnoredVulnerability? ParseIgnored(YamlNode node)
    {
        string? id = null, reason = null;
        DateOnly? expires = null;
        IReadOnlyList<string> services = [];
        var before = Problems.Count;
        var entries = Entries(node, string.Join(", ", s_ignored.Keys));
        foreach (var (key, value) in entries)
        {
            switch (key.Value)
            {
                case Id:
                    id = Text(value, s_id);
                    break;
                case Reason:
                    reason = Text(value, s_reason);
                    break;
                case Expires:
                    expires = Text(value, s_date) is { } date ? DateOf(date) : null;
                    if (expires is { } last && last < _today)
                        Report(value, $"what is ignored until {last:yyyy-MM-dd} counts again",
                            remedy: "Look at it again: remove the entry, or give it another day");
                    break;
                case Services:
                    services = Items(value, Names.Component);
                    break;
                default:
                    ReportUnknown(key, s_ignored.Keys);
                    break;
            }
        }

        if (Problems.Count > before) return null;
        foreach (var (name, given) in ((string, bool)[])[(Id, id is not null), (Reason, reason is not null),
            (Expires, expires is not null)])
        {
            if (!given) Report(node, $"there is no {name}", string.Join(", ", s_ignored.Keys.Take(3)));
        }

        return id is null || reason is null || expires is not { } until
            ? null
            : new IgnoredVulnerability(id, reason, until, services);
    }
}
