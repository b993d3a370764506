using System.Globalization;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Updates;

/// <summary>What openstack/releases says of a release: an entry of <c>data/series_status.yaml</c>.</summary>
/// <param name="Release">As in <c>2025.1</c>.</param>
/// <param name="Codename">The directory of its deliverables, <c>epoxy</c>.</param>
/// <param name="Status">
/// <c>future</c>, <c>development</c>, <c>maintained</c>, <c>unmaintained</c> or <c>end of life</c>.
/// </param>
/// <param name="NextStatus">What it will be next; null where that is not planned.</param>
/// <param name="NextDate">When that will be.</param>
public sealed record Series(string Release, string Codename, string Status, string? NextStatus = null,
    DateOnly? NextDate = null)
{
    public const string File = "data/series_status.yaml";

    /// <summary>All series that have a release's name; the older ones have but a codename.</summary>
    public static IReadOnlyDictionary<string, Series> Parse(string text, string file, List<Problem> problems)
    {
        var series = new Dictionary<string, Series>(StringComparer.Ordinal);
        var root = YamlFile.Read(text, file, problems);
        if (root is not (null or YamlSequence))
            problems.Add(new Problem($"there is {root.Kind}", file, root.Line, root.Column, "a list of series"));
        foreach (var item in (root as YamlSequence)?.Items ?? [])
        {
            if (Field(item, "release-id") is not { } release) continue;
            var name = Field(item, "name");
            // It becomes a part of a path.
            if (name is null
                || Names.Component.Check(name) is not null
                || Field(item, "status") is not { Length: > 0 } status)
                problems.Add(new Problem($"the series {release} is not understood", file, item.Line, item.Column,
                    "name, release-id and status"));
            else
                series.TryAdd(release, new Series(release, name, status, Field(Value(item, "next-phase"), "status"),
                    Date(Field(Value(item, "next-phase"), "date"))));
        }

        return series;
    }

    internal static YamlNode? Value(YamlNode? node, string key) =>
        (node as YamlMapping)?.Entries.FirstOrDefault(x => x.Key.Value == key).Value;

    internal static string? Field(YamlNode? node, string key) => (Value(node, key) as YamlScalar)?.Value;

    static DateOnly? Date(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture,
        DateTimeStyles.None, out var date)
        ? date
        : null;
}
