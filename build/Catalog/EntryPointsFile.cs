using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary><c>releases/&lt;release&gt;/entry-points.yaml</c>: a mapping of component to how it is started.</summary>
[DescribedFile("The distribution of each service, and the programs and WSGI modules that its image must have",
    Place = Place)]
public sealed class EntryPointsFile(string file, List<Problem> problems) : YamlReader(file, problems)
{
    public const string Name = "entry-points.yaml";

    public const string Place = "releases/<release>/" + Name;

    const string Distribution = "distribution";
    const string Scripts = "scripts";
    const string Wsgi = "wsgi";
    const string Migrations = "migrations";

    static readonly YamlFields s_shape = new(
        new(Distribution, "Name of the Python distribution, where it is not the component's",
            YamlShape.Text(Names.PythonDistribution)),
        new(Scripts, "Console scripts, and the WSGI scripts that PBR still installs",
            YamlShape.List(YamlShape.Text(Names.Program))),
        new(Wsgi, "Modules whose top level binds `application`", YamlShape.List(YamlShape.Text(Names.PythonModule))),
        new(Migrations, "Commands that bring its database up to date, in this order",
            YamlShape.List(YamlShape.Text(Names.CommandLine))));

    public static YamlShape Shape { get; } = YamlShape.Map(Names.Component, s_shape);

    /// <param name="components">
    /// The components of the release; a key that is none of them is a problem. None when they are not known.
    /// </param>
    public IReadOnlyDictionary<string, EntryPoints> Parse(string text, IEnumerable<string> components)
    {
        var all = new SortedList<string, EntryPoints>(StringComparer.Ordinal);
        foreach (var (component, _, value) in Components(ReadRoot(text), "component to entry points", components))
            all[component] = ParseEntryPoints(component, value);
        return all;
    }

    EntryPoints ParseEntryPoints(string component, YamlNode node)
    {
        var entryPoints = new EntryPoints(component, [], [], []);
        foreach (var (key, value) in Entries(node, string.Join(", ", s_shape.Keys)))
        {
            switch (key.Value)
            {
                case Distribution:
                    entryPoints = entryPoints with
                    {
                        Distribution = Text(value, Names.PythonDistribution) ?? component,
                    };
                    break;
                case Scripts:
                    entryPoints = entryPoints with { Scripts = Items(value, Names.Program) };
                    break;
                case Wsgi:
                    entryPoints = entryPoints with { Wsgi = Items(value, Names.PythonModule) };
                    break;
                case Migrations:
                    entryPoints = entryPoints with { Migrations = Items(value, Names.CommandLine) };
                    break;
                default:
                    ReportUnknown(key, s_shape.Keys);
                    break;
            }
        }

        return entryPoints;
    }
}
