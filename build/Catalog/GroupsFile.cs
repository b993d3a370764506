using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary><c>images/groups.yaml</c>: services that are selected together, by the name of their group.</summary>
[DescribedFile("Groups of services, by name: `--service @core` selects those of `core`", Place = Place)]
public sealed class GroupsFile(string file, List<Problem> problems) : YamlReader(file, problems)
{
    public const string Name = "groups.yaml";

    public const string Place = "images/" + Name;

    public static YamlShape Shape { get; } = YamlShape.Map(Names.Group,
        YamlShape.List(YamlShape.Text(Names.Component), least: 1));

    /// <param name="services">The services there are; none when they are not known.</param>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Parse(string text, IReadOnlyCollection<string> services)
    {
        var groups = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (key, value) in Entries(ReadRoot(text), "groups to lists of services"))
        {
            if (value is YamlSequence { Items.Count: 0 })
                Report(value, $"the group '{key.Value}' has no service", remedy: "Name its services, or remove it");
            var members = Items(value, (x, at) => IsService(x, at, services) ? x : null, x => x);
            if (Check(Names.Group, key.Value, key)) groups.Add(key.Value, members);
        }

        return groups;
    }

    bool IsService(string name, YamlScalar at, IReadOnlyCollection<string> services)
    {
        if (!Check(Names.Component, name, at)) return false;
        if (services.Count == 0 || services.Contains(name)) return true;
        Report(at, $"there is no service '{name}'",
            remedy: Suggest.DidYouMean(name, services, $"Services are {string.Join(", ", services)}"));
        return false;
    }

    /// <summary>The text without a service; a group that has no other goes with it.</summary>
    /// <param name="text">Of the file, without mistakes.</param>
    internal static string Without(string text, string service)
    {
        // From the last line on, and in a line from its end: what stands before stays where it is.
        var groups = YamlFile.Read(text, Name, []) is YamlMapping root ? root.Entries : [];
        foreach (var (group, members) in groups.Reverse())
        {
            var items = ((YamlSequence)members).Items.Cast<YamlScalar>().ToList();
            if (items.FindIndex(x => x.Value == service) is var at && at < 0) continue;
            text = items.Count == 1 ? new YamlText(text, Name).Remove(group.Value).ToString()
                : WithoutItem(text, items, at);
        }

        return text;
    }

    static string WithoutItem(string text, List<YamlScalar> items, int at)
    {
        var lines = text.Split('\n').ToList();
        var (item, row) = (items[at], items[at].Line - 1);
        if (lines[row].TrimStart().StartsWith('-'))
        {
            lines.RemoveAt(row);
            return string.Join('\n', lines);
        }

        // In brackets: with the comma and the blanks that part it from its neighbour in the line.
        var (line, start) = (lines[row], item.Column - 1);
        var end = start + item.Value.Length + (item.IsPlain ? 0 : 2);
        if (at + 1 < items.Count && items[at + 1].Line == item.Line) end = items[at + 1].Column - 1;
        else if (at > 0 && items[at - 1].Line == item.Line) start = line.LastIndexOf(',', start);
        else if (at + 1 < items.Count) end = line.Length;
        lines[row] = (line[..start] + line[end..]).TrimEnd();
        if (lines[row].Length == 0) lines.RemoveAt(row);
        return string.Join('\n', lines);
    }
}
