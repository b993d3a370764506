using System.Globalization;
using static OpenStack.Report.Markup;
using static OpenStack.Report.PageParts;

namespace OpenStack.Report;

/// <summary>What pages are made of.</summary>
static class PageParts
{
    /// <summary>Where files of the repository are beside the pages.</summary>
    public const string Files = "files/";

    /// <summary>How wide a bar of layers is, in units of its own.</summary>
    const int BarWidth = 1000;

    /// <param name="bytes">As they are stored.</param>
    public static string Size(long bytes) => bytes switch
    {
        < 1_000 => $"{bytes} B",
        < 1_000_000 => (bytes / 1e3).ToString("0.0 kB", CultureInfo.InvariantCulture),
        < 1_000_000_000 => (bytes / 1e6).ToString("0.0 MB", CultureInfo.InvariantCulture),
        _ => (bytes / 1e9).ToString("0.00 GB", CultureInfo.InvariantCulture),
    };

    /// <summary><c>1 patch</c>, <c>2 patches</c>.</summary>
    public static string Count(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";

    /// <summary>A file of the repository, relative to a page: its copy, so that pages may be moved.</summary>
    public static string Href(string file) =>
        Files + string.Join('/', file.Split('/').Select(Uri.EscapeDataString));

    /// <summary>A text that leads to the file that it is from.</summary>
    public static Markup From(string file, string text) =>
        file.Length == 0 || text.Length == 0 ? text : Html($"""<a class=from href="{Href(file)}">{text}</a>""");

    /// <summary>As much of a digest as tells it from others; all of it is its title.</summary>
    public static Markup Digest(string digest, string file = "")
    {
        var code = Html($"""<code title="{digest}">{Short(digest)}</code>""");
        return file.Length == 0 ? code : Html($"""<a class=from href="{Href(file)}">{code}</a>""");
    }

    /// <summary>As much of a commit, or of a digest, as tells it from others; any other text as it is.</summary>
    public static string Short(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigit) ? text[..10]
        : text.StartsWith("sha256:", StringComparison.Ordinal) && text.Length > 19 ? text[..19] : text;

    /// <summary>An address elsewhere, where it is one that a browser may follow.</summary>
    public static Markup Address(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri.Scheme is "https" or "http"
        ? Html($"""<a href="{address}" rel="noreferrer">{address}</a>""") : Html($"{address}");

    /// <summary>That something is not known, why, and the target that makes it known.</summary>
    public static Markup NotKnown<T>(Fact<T> fact)
        where T : class
    {
        var because = fact.Because.Length == 0 ? Empty : Html($": {fact.Because}");
        var target = fact.Target.Length == 0 ? Empty : Html($""" <small>(run <code>{fact.Target}</code>)</small>""");
        return Html($"<span class=unknown>not known</span>{because}{target}");
    }

    /// <summary>The same in a cell of a table.</summary>
    public static Markup Unknown<T>(Fact<T> fact)
        where T : class => Html($"""<span class=unknown title="{Why(fact)}">not known</span>""");

    static string Why<T>(Fact<T> fact)
        where T : class =>
        string.Join("; ", new[] { fact.Because, fact.Target.Length > 0 ? $"run {fact.Target}" : "" }
            .Where(x => x.Length > 0));

    /// <summary>A word with the colour of what it means.</summary>
    public static Markup Badge(string word, string kind) => kind.Length == 0 ? Html($"{word}")
        : Html($"<span class={kind}>{word}</span>");

    public static string KindOfPatch(string state) => state switch
    {
        "applies" => "good",
        "conflicts" or "invalid" => "bad",
        _ => "warn",
    };

    public static string KindOfSeverity(int severity) => severity >= 4 ? "bad" : severity >= 3 ? "warn" : "";

    /// <summary>The result of tests, as in-toto has it.</summary>
    public static Markup Result(string result) => Badge(result.ToLowerInvariant(), result switch
    {
        "PASSED" => "good",
        "WARNED" => "warn",
        _ => "bad",
    });

    /// <summary>What an image brings that the one before it has not, in a line.</summary>
    public static Markup Brings(Fact<ReportedNotes> fact)
    {
        if (fact.Value is not { } notes) return NotKnown(fact);
        var parts = new List<string>();
        if (notes.Fixes.Count > 0) parts.Add($"fixes {string.Join(", ", notes.Fixes)}");
        if (notes.Loses.Count > 0) parts.Add($"loses the fix of {string.Join(", ", notes.Loses)}");
        parts.AddRange(notes.Packages.Select(x => $"{Count(x.Count, "package", "packages")} {x.Kind}"));
        return From(fact.From, parts.Count == 0 ? "nothing that is written down" : string.Join("; ", parts));
    }

    public static Cell SeverityOf(ReportedFinding finding) => Cell.Number(finding.Severity,
        Badge(finding.Word, finding.IsMended ? "" : KindOfSeverity(finding.Severity)));

    /// <summary>What packages are called for people.</summary>
    public static string KindOfPackage(string kind) => kind switch
    {
        "deb" => "system",
        "pypi" => "Python",
        _ => kind,
    };

    /// <summary>A bar of the layers of an image, as wide as it is large beside the largest one.</summary>
    /// <param name="parts">Class, size and title of each part.</param>
    public static Markup Bar(IEnumerable<(string Class, long Size, string Title)> parts, long largest, string label)
    {
        var pieces = new List<Markup>();
        var (at, sum) = (0L, 0L);
        foreach (var part in parts)
        {
            sum += part.Size;
            var end = largest == 0 ? 0 : sum * BarWidth / largest;
            if (end > at)
                pieces.Add(Html(
                    $"<rect class={part.Class} x={at} width={end - at} height=8><title>{part.Title}</title></rect>"));
            at = Math.Max(at, end);
        }

        return Html($"""<svg class=bar viewBox="0 0 {BarWidth} 8" preserveAspectRatio=none role=img aria-label="{label}">{pieces}</svg>""");
    }

    /// <summary>How a number went, as a line.</summary>
    public static Markup Spark(IReadOnlyList<long> values, string label)
    {
        if (values.Count < 2) return Empty;
        var (least, most) = (values.Min(), values.Max());
        var points = string.Join(' ', values.Select((x, i) => string.Create(CultureInfo.InvariantCulture,
            $"{i * 100 / (values.Count - 1)},{(most == least ? 10 : 18 - ((x - least) * 16 / (most - least)))}")));
        return Html($"""<svg class=spark viewBox="0 0 100 20" preserveAspectRatio=none role=img aria-label="{label}"><polyline points="{points}"/></svg>""");
    }

    /// <summary>A table that scrolls by itself where it is wider than the page.</summary>
    /// <param name="label">What it is of.</param>
    /// <param name="headings">With a blank before those of numbers.</param>
    /// <param name="sorted">Whether a click on a heading sorts it.</param>
    public static Markup Table(string label, IReadOnlyList<string> headings, IEnumerable<Markup> rows,
        bool sorted = false)
    {
        var heads = headings.Select(x => x.StartsWith(' ') ? Html($"<th scope=col class=n>{x[1..]}")
            : x.Length == 0 ? Html($"<td>") : Html($"<th scope=col>{x}"));
        return Html(
            $"""
            <div class=scroll role=region aria-label="Table: {label}" tabindex=0><table{(sorted ? Html($" data-sort") : "")}>
            <thead><tr>{heads}<tbody>
            {rows}</table></div>

            """);
    }

    public static Markup Row(params IReadOnlyList<Cell> cells) => Html($"<tr>{cells.Select(x => x.Content)}\n");

    /// <summary>Names and what is said of each.</summary>
    public static Markup Facts(IEnumerable<(string Name, Markup Value)> facts) =>
        Html($"<dl class=facts>\n{facts.Select(x => Html($"<dt>{x.Name}<dd>{x.Value}\n"))}</dl>\n");

    public static Markup Small(Markup text) => Html($"<small>{text}</small>");

    public static Markup Paragraph(Markup text) => Html($"<p>{text}</p>\n");

    /// <summary>Images by their titles, which lead to their pages.</summary>
    public static Markup Names(IEnumerable<ReportedImage> images) =>
        Join(images.Select((x, i) => Html($"{(i == 0 ? "" : ", ")}{PageOf(x)}")));

    public static Markup PageOf(ReportedImage image) => Html($"""<a href="{image.Place.Page}">{image.Title}</a>""");

    /// <summary>What the colours of bars mean.</summary>
    public static Markup Legend => Html(
        $"""
        <p class=legend><span class=base></span> base image
        <span class=shared></span> shared with other images <span class=own></span> of this image alone</p>

        """);

    public static string ClassOf(LayerUse use) => use.ToString().ToLowerInvariant();

    /// <summary><c>2026-12-01 02:40 UTC</c>.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'");
}

/// <summary>A cell of a table, of text or of HTML.</summary>
/// <param name="Content">With its tag, whose end goes without saying.</param>
readonly record struct Cell(Markup Content)
{
    public static implicit operator Cell(string text) => new(Html($"<td>{text}"));

    public static implicit operator Cell(Markup content) => new(Html($"<td>{content}"));

    /// <summary>What the row is about.</summary>
    public static Cell Head(Markup content) => new(Html($"<th scope=row>{content}"));

    /// <summary>What a step ran, or a value of any length.</summary>
    public static Cell Long(Markup content) => new(Html($"<td class=long>{content}"));

    /// <summary>A number, by which the column is sorted.</summary>
    public static Cell Number(long value, Markup shown) => new(Html($"<td class=n data-v={value}>{shown}"));

    public static Cell Number(long value) => new(Html($"<td class=n>{value}"));

    /// <summary>A number of bytes.</summary>
    public static Cell Bytes(long value, string from = "") => Number(value, From(from, Size(value)));

    /// <summary>A number that may not be known, which is sorted below all others.</summary>
    public static Cell Number<T>(Fact<T> fact, Func<T, long> select)
        where T : class => fact.Value is { } value
        ? Number(select(value), From(fact.From, $"{select(value)}")) : Number(-1, Unknown(fact));
}
