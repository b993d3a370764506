using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.NativePackages;

/// <summary><c>packages/&lt;service&gt;/package.yaml</c>: what the packages of a service have of their own.</summary>
[DescribedFile("What a service's packages are called for people, its systemd units, and the packages of the "
    + "distribution that they take the place of", Place = Place)]
public sealed class PackageFile(string file, List<Problem> problems) : YamlReader(file, problems)
{
    public const string Name = "package.yaml";

    public const string Place = "packages/<service>/" + Name;

    const string Summary = "summary";
    const string Units = "units";
    const string Conflicts = "conflicts";
    const string Run = "run";
    const string BecomesRoot = "becomes-root";

    /// <summary>Debian Policy 3.4.1: a line that stands behind the name, no sentence.</summary>
    static readonly NameRule s_summary = new("summary",
        "one line of 3 to 70 characters that ends without a dot and does not begin with 'a', 'an' or 'the'",
        x => x.Length is >= 3 and <= 70 && !x.Any(char.IsControl) && !x.EndsWith('.') && x.Trim() == x
            && x.Split(' ')[0].ToLowerInvariant() is not ("a" or "an" or "the"))
    {
        Pattern = @"^(?=.{3,70}$)(?!([Aa][Nn]?|[Tt][Hh][Ee])( |$))\S([^\x00-\x1f\x7f-\x9f]*[^\s.])$",
    };

    static readonly NameRule s_argument = new("argument", "a line without control characters",
        x => x.Length is > 0 and <= 1000 && !x.Any(char.IsControl))
    {
        Pattern = @"^[^\x00-\x1f\x7f-\x9f]{1,1000}$",
    };

    static readonly NameRule s_unit = new("unit", "lower-case letters, digits and - as in metadata-agent",
        x => x.Length is > 0 and <= 60 && x.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
    {
        Pattern = "^[a-z0-9-]{1,60}$",
    };

    static readonly NameRule s_yes = new("yes", "'yes', in quotes", x => x == "yes") { Pattern = "^yes$" };

    static readonly YamlFields s_shapeOfUnit = new(
        new(Summary, "What it is, in a line", YamlShape.Text(s_summary), IsRequired: true),
        new(Run, "The program, and its arguments", YamlShape.Command(YamlShape.Text(Names.Program),
            YamlShape.Text(s_argument)), IsRequired: true),
        new(BecomesRoot, "'yes' in quotes where it becomes root by sudo", YamlShape.Text(s_yes)));

    public static YamlFields Shape { get; } = new(
        new(Summary, "What the service is, in a line", YamlShape.Text(s_summary), IsRequired: true),
        new(Units, "Its systemd units, by name", YamlShape.Map(s_unit, s_shapeOfUnit)),
        new(Conflicts, "Packages of the distribution that they take the place of",
            YamlShape.List(YamlShape.Text(Names.AptPackage))));

    public PackageData Parse(string text)
    {
        var data = new PackageData("", []);
        var root = ReadRoot(text);
        foreach (var (key, value) in Entries(root, string.Join(", ", Shape.Keys)))
        {
            switch (key.Value)
            {
                case Summary:
                    data = data with { Summary = Text(value, s_summary) ?? "" };
                    break;
                case Units:
                    data = data with
                    {
                        Units = [.. Entries(value, "names of units").Select(x => Unit(x.Key, x.Value))],
                    };
                    break;
                case Conflicts:
                    data = data with { Conflicts = Items(value, Names.AptPackage) };
                    break;
                default:
                    ReportUnknown(key, Shape.Keys);
                    break;
            }
        }

        if (root is not null && !Problems.Any(x => x.File == File) && data.Summary.Length == 0)
            Report(root, $"there is no {Summary}", "what the service is, as in 'OpenStack Identity service'");
        return data;
    }

    PackageUnit Unit(YamlScalar name, YamlNode node)
    {
        Check(s_unit, name.Value, name);
        var unit = new PackageUnit(name.Value, "", []);
        foreach (var (key, value) in Entries(node, string.Join(", ", s_shapeOfUnit.Keys)))
        {
            switch (key.Value)
            {
                case Summary:
                    unit = unit with { Summary = Text(value, s_summary) ?? "" };
                    break;
                case Run:
                    unit = unit with { Run = Arguments(value) };
                    break;
                case BecomesRoot:
                    unit = unit with { BecomesRoot = Text(value, s_yes) is not null };
                    break;
                default:
                    ReportUnknown(key, s_shapeOfUnit.Keys);
                    break;
            }
        }

        if (unit.Summary.Length == 0 || unit.Run.Count == 0)
            Report(name, $"the unit {name.Value} lacks its {(unit.Summary.Length == 0 ? Summary : Run)}");
        return unit;
    }

    List<string> Arguments(YamlNode node)
    {
        // The same argument may be there twice: each is another one.
        var number = 0;
        var arguments = Items(node, (text, at) =>
        {
            if (!Check(number == 0 ? Names.Program : s_argument, text, at)) return null;
            PackageVariables.Check(text, File, at.Line, at.Column, Problems);
            return new Argument(number++, text);
        }, x => $"{x.Number}");
        return [.. arguments.Select(x => x.Text)];
    }

    sealed record Argument(int Number, string Text);
}
