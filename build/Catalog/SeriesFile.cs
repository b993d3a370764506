using System.Globalization;
using System.Text;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary><c>releases/&lt;release&gt;/series.yaml</c>: what openstack/releases said of the release.</summary>
[DescribedFile("How far the release is in its life, as openstack/releases says: name, status, dates, SLURP; written by "
    + "AddRelease, refreshed by Update", Place = Place)]
public sealed class SeriesFile(string file, List<Problem> problems) : YamlReader(file, problems)
{
    public const string Name = "series.yaml";

    public const string Place = "releases/<release>/" + Name;

    const string Codename = "name";
    const string Status = "status";
    const string Since = "since";
    const string Slurp = "slurp";
    const string InitialRelease = "initial-release";
    const string NextPhase = "next-phase";
    const string Date = "date";

    static readonly YamlFields s_phase = new(
        new(Status, "The status that it will have", YamlShape.OneOf(SeriesStatuses.Words), IsRequired: true),
        new(Date, "The first day of that", YamlShape.Day));

    public static YamlFields Shape { get; } = new(
        new(Codename, "The name of the series", YamlShape.Text(Names.Component), IsRequired: true),
        new(Status, "How far it is in its life", YamlShape.OneOf(SeriesStatuses.Words), IsRequired: true),
        new(Since, "The first day of that status", YamlShape.Day),
        new(Slurp, "Whether an upgrade may skip the release before it", YamlShape.Flag),
        new(InitialRelease, "The day of its first release", YamlShape.Day),
        new(NextPhase, "What comes after that status", s_phase));

    /// <summary>Null, and a problem, where it cannot be understood.</summary>
    public Series? Parse(string text, string release)
    {
        var before = Problems.Count;
        var root = ReadRoot(text);
        string? name = null;
        SeriesStatus? status = null;
        var series = new Series(release, "-", default);
        foreach (var (key, value) in Entries(root, string.Join(", ", Shape.Keys)))
        {
            switch (key.Value)
            {
                case Codename: name = Text(value, Names.Component); break;
                case Status: status = StatusOf(value); break;
                case Since: series = series with { Since = DateOf(value) }; break;
                case Slurp: series = series with { IsSlurp = IsTrue(value) }; break;
                case InitialRelease: series = series with { InitialRelease = DateOf(value) }; break;
                case NextPhase: series = WithNext(series, value); break;
                default: ReportUnknown(key, Shape.Keys); break;
            }
        }

        if (Problems.Count > before) return null;
        if (name is null || status is not { } known)
            Report(root!, $"there is no '{(name is null ? Codename : Status)}'", $"{Codename} and {Status}");
        else if (series.NextStatus <= known)
            Report(root!, $"'{SeriesStatuses.WordOf(series.NextStatus.Value)}' does not come after "
                + $"'{SeriesStatuses.WordOf(known)}'", $"in this order: {string.Join(", ", SeriesStatuses.Words)}");
        else return series with { Codename = name, Status = known };
        return null;
    }

    /// <summary>The text of the file.</summary>
    public static string TextOf(Series series)
    {
        var text = new StringBuilder(YamlSchema.LineOf(Place))
            .Append("# Of openstack/releases, data/series_status.yaml: written by AddRelease, "
            + $"refreshed by Update.\n\n{Codename}: {YamlText.Quote(series.Codename)}\n"
            + $"{Status}: {SeriesStatuses.WordOf(series.Status)}\n");
        if (series.Since is { } since) text.Append(Line(Since, since));
        text.Append($"{Slurp}: {(series.IsSlurp ? "true" : "false")}\n");
        if (series.InitialRelease is { } released) text.Append(Line(InitialRelease, released));
        if (series.NextStatus is not { } next) return text.ToString();
        text.Append($"{NextPhase}:\n  {Status}: {SeriesStatuses.WordOf(next)}\n");
        if (series.NextDate is { } date) text.Append($"  {Line(Date, date)}");
        return text.ToString();
    }

    static string Line(string key, DateOnly date) =>
        $"{key}: {date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}\n";

    Series WithNext(Series series, YamlNode node)
    {
        foreach (var (key, value) in Entries(node, string.Join(", ", s_phase.Keys)))
        {
            switch (key.Value)
            {
                case Status: series = series with { NextStatus = StatusOf(value) }; break;
                case Date: series = series with { NextDate = DateOf(value) }; break;
                default: ReportUnknown(key, s_phase.Keys); break;
            }
        }

        if (node is YamlMapping && series.NextStatus is null && node.Find(Status) is null)
            Report(node, $"there is no '{Status}'", string.Join(", ", s_phase.Keys));
        return series;
    }

    SeriesStatus? StatusOf(YamlNode node)
    {
        var word = (node as YamlScalar)?.Value;
        if (SeriesStatuses.Parse(word) is { } status) return status;
        Report(node, word is null ? $"there is {node.Kind}" : $"'{word}' is no status",
            string.Join(", ", SeriesStatuses.Words),
            word is null ? null : Suggest.DidYouMean(word, SeriesStatuses.Words));
        return null;
    }
}
