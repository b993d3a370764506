using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary><c>releases/&lt;release&gt;/extra-packages.yaml</c>: a mapping of component to lists of packages.</summary>
public sealed class ExtraPackagesFile(string file, List<Problem> problems)
{
    public const string Name = "extra-packages.yaml";

    const string PipExtras = "pip-extras";
    const string PipPackages = "pip-packages";
    const string AptPackages = "apt-packages";

    static readonly string[] s_keys = [PipExtras, PipPackages, AptPackages];

    /// <param name="components">The components of the release; a key that is none of them is a problem. None when they are not known.</param>
    public IReadOnlyDictionary<string, ExtraPackages> Parse(string text, IEnumerable<string> components)
    {
        var all = new SortedList<string, ExtraPackages>(StringComparer.Ordinal);
        var known = components.ToHashSet(StringComparer.Ordinal);
        foreach (var (key, value) in Entries(YamlFile.Read(text, file, problems), "component to packages"))
        {
            if (Names.Component.Check(key.Value, file, key.Line, key.Column) is { } wrong) problems.Add(wrong);
            else if (known.Count > 0 && !known.Contains(key.Value)) Report(key, $"'{key.Value}' is not in {SourceRefsFile.Name} of this release",
                remedy: Suggest.DidYouMean(key.Value, known, $"Add it to {SourceRefsFile.Name}, or remove it here"));
            all[key.Value] = ParsePackages(value);
        }

        return all;
    }

    ExtraPackages ParsePackages(YamlNode node)
    {
        var packages = ExtraPackages.None;
        foreach (var (key, value) in Entries(node, string.Join(", ", s_keys) + " to lists"))
        {
            packages = key.Value switch
            {
                PipExtras => packages with { PipExtras = Items(value, (x, at) => CheckExtra(x, at) ? x : null, x => x) },
                PipPackages => packages with { PipPackages = Items(value, (x, at) => CheckRequirement(x, at) ? x : null, x => x) },
                AptPackages => packages with { AptPackages = Items(value, (x, at) => Bindep.ParseLine(x, file, at.Line, at.Column, problems), x => x.ToString()) },
                _ => Unknown(key, packages),
            };
        }

        return packages;
    }

    ExtraPackages Unknown(YamlScalar key, ExtraPackages packages)
    {
        Report(key, $"'{key.Value}' is not known here", string.Join(", ", s_keys), Suggest.DidYouMean(key.Value, s_keys));
        return packages;
    }

    bool CheckExtra(string text, YamlScalar at)
    {
        if (Names.PythonDistribution.Admits(text)) return true;
        Report(at, $"'{text}' is not the name of an extra", Names.PythonDistribution.Expected,
            text.Contains('[') ? $"An extra of another distribution belongs to {PipPackages}" : null);
        return false;
    }

    /// <summary>PEP 508 without versions, markers and URLs: a name, or a name with extras.</summary>
    bool CheckRequirement(string text, YamlScalar at)
    {
        var open = text.IndexOf('[');
        var name = open < 0 ? text : text[..open];
        var extras = open < 0 ? [] : text.EndsWith(']') ? text[(open + 1)..^1].Split(',') : [""];
        if (Names.PythonDistribution.Admits(name) && extras.All(Names.PythonDistribution.Admits)) return true;
        Report(at, $"'{text}' is not the name of a Python distribution", "name or name[extra,extra] without spaces",
            text.IndexOfAny(['=', '<', '>', '~', '!']) > 0 ? "A version belongs to overrides/<release>/constraints.txt" : null);
        return false;
    }

    List<T> Items<T>(YamlNode node, Func<string, YamlScalar, T?> parse, Func<T, string> identity)
        where T : class
    {
        var items = new List<T>();
        if (node is not YamlSequence sequence)
        {
            Report(node, $"there is {node.Kind}", "a list", node is YamlScalar { Value.Length: > 0 } x ? $"Write '- {x.Value}' in a line of its own" : "Write [] for none");
            return items;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in sequence.Items)
        {
            if (item is not YamlScalar { IsText: true } scalar) Report(item, $"there is {item.Kind}", "text");
            else if (parse(scalar.Value, scalar) is { } parsed)
            {
                if (seen.Add(identity(parsed))) items.Add(parsed);
                else Report(item, $"'{scalar.Value}' is there twice", remedy: "Remove one of them");
            }
        }

        return items;
    }

    IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries(YamlNode? node, string what)
    {
        if (node is YamlMapping mapping) return mapping.Entries;
        if (node is not null) Report(node, $"there is {node.Kind}", $"a mapping of {what}");
        return [];
    }

    void Report(YamlNode at, string found, string? expected = null, string? remedy = null) =>
        problems.Add(new Problem(found, file, at.Line, at.Column, expected, remedy));
}
