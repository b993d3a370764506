using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary><c>releases/&lt;release&gt;/entry-points.yaml</c>: a mapping of component to how it is started.</summary>
[DescribedFile("The distribution of each service, and the programs and WSGI modules that its image must have",
    Place = "releases/<release>/" + Name)]
public sealed class EntryPointsFile(string file, List<Problem> problems) : YamlReader(file, problems)
{
    public const string Name = "entry-points.yaml";

    const string Distribution = "distribution";
    const string Scripts = "scripts";
    const string Wsgi = "wsgi";
    const string Migrations = "migrations";

    static readonly string[] s_keys = [Distribution, Scripts, Wsgi, Migrations];

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
        foreach (var (key, value) in Entries(node, string.Join(", ", s_keys)))
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
                    ReportUnknown(key, s_keys);
                    break;
            }
        }

        return entryPoints;
    }
}
