using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary><c>releases/&lt;release&gt;/extra-packages.yaml</c>: a mapping of component to lists of packages.</summary>
[DescribedFile("Extras, further Python packages, system packages of one release alone, options and plugins of the "
    + "image",
    Place = Place)]
public sealed class ExtraPackagesFile(string file, List<Problem> problems) : YamlReader(file, problems)
{
    public const string Name = "extra-packages.yaml";

    public const string Place = "releases/<release>/" + Name;

    const string PipExtras = "pip-extras";
    const string PipPackages = "pip-packages";
    const string AptPackages = "apt-packages";
    const string Options = "options";
    const string Plugins = "plugins";

    static readonly NameRule s_requirement = new("Python distribution", "name or name[extra,extra] without spaces",
        IsRequirement)
    {
        Pattern = @"^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?"
            + @"(\[([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?(,[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)*)?\])?$",
    };

    static readonly YamlFields s_shape = new(
        new(PipExtras, "Extras of the service's own distribution",
            YamlShape.List(YamlShape.Text(Names.PythonDistribution))),
        new(PipPackages, "Further Python distributions, with their extras, without versions",
            YamlShape.List(YamlShape.Text(s_requirement))),
        new(AptPackages, "System packages that only this release needs, as lines of images/bindep.txt",
            YamlShape.List(YamlShape.AnyText)),
        new(Options, "Options of the image: `contract.<option>.yaml` says what each must do",
            YamlShape.List(YamlShape.Text(Names.Component))),
        new(Plugins, "Components of source-refs.yaml that are built into the image",
            YamlShape.List(YamlShape.Text(Names.Component))));

    public static YamlShape Shape { get; } = YamlShape.Map(Names.Component, s_shape);

    /// <param name="components">
    /// The components of the release; a key that is none of them is a problem. None when they are not known.
    /// </param>
    /// <param name="options">The options that an image has; any where it is not given.</param>
    /// <param name="images">Components that have an image of their own, which are nobody's plugins.</param>
    public IReadOnlyDictionary<string, ExtraPackages> Parse(string text, IEnumerable<string> components,
        Func<string, IReadOnlyList<string>>? options = null, IReadOnlyCollection<string>? images = null)
    {
        (_components, _images) = ([.. components], images ?? []);
        var all = new SortedList<string, ExtraPackages>(StringComparer.Ordinal);
        foreach (var (component, _, value) in Components(ReadRoot(text), "component to packages", components))
            all[component] = ParsePackages(value, component, options);
        return all;
    }

    IReadOnlyList<string> _components = [];
    IReadOnlyCollection<string> _images = [];

    ExtraPackages ParsePackages(YamlNode node, string component, Func<string, IReadOnlyList<string>>? options)
    {
        var packages = ExtraPackages.None;
        foreach (var (key, value) in Entries(node, string.Join(", ", s_shape.Keys) + " to lists"))
        {
            switch (key.Value)
            {
                case PipExtras:
                    packages = packages with
                    {
                        PipExtras =
                        Items(value, (x, at) => CheckExtra(x, at) ? x : null, LettersOf)
                    };
                    break;
                case PipPackages:
                    packages = packages with
                    {
                        PipPackages =
                        Items(value, (x, at) => CheckRequirement(x, at) ? x : null, LettersOf)
                    };
                    break;
                case AptPackages:
                    // The image is given by the component: a profile could only contradict it.
                    packages = packages with
                    {
                        AptPackages = Items(value,
                            (x, at) => Bindep.ParseLine(x, File, at.Line, at.Column, Problems, profiles: []),
                            x => x.ToString()),
                    };
                    break;
                case Options:
                    packages = packages with
                    {
                        Options = Items(value, (x, at) => CheckOption(x, at, component, options) ? x : null, x => x),
                    };
                    break;
                case Plugins:
                    packages = packages with
                    {
                        Plugins = Items(value, (x, at) => CheckPlugin(x, at) ? x : null, x => x),
                    };
                    break;
                default:
                    ReportUnknown(key, s_shape.Keys);
                    break;
            }
        }

        return packages;
    }

    bool CheckPlugin(string text, YamlScalar at)
    {
        if (_images.Contains(text))
            Report(at, $"'{text}' has an image of its own", "a component without one",
                "To have both in one image, remove the other's directory");
        else if (_components.Count == 0 || _components.Contains(text)) return Check(Names.Component, text, at);
        else
            Report(at, $"'{text}' is not in {SourceRefsFile.Name} of this release", null,
                Suggest.DidYouMean(text, _components, "Add its ref there"));
        return false;
    }

    bool CheckOption(string text, YamlScalar at, string component, Func<string, IReadOnlyList<string>>? options)
    {
        if (options?.Invoke(component) is not { } known) return Check(Names.Component, text, at);
        if (known.Contains(text)) return true;
        Report(at, $"the image of {component} has no option '{text}'",
            known.Count == 0 ? "none: it has no options" : string.Join(", ", known), Suggest.DidYouMean(text, known));
        return false;
    }

    bool CheckExtra(string text, YamlScalar at)
    {
        if (Names.PythonDistribution.Admits(text)) return true;
        Report(at, $"'{text}' is not the name of an extra", Names.PythonDistribution.Expected,
            text.Contains('[') ? $"An extra of another distribution belongs to {PipPackages}" : null);
        return false;
    }

    bool CheckRequirement(string text, YamlScalar at)
    {
        if (s_requirement.Admits(text)) return true;
        Report(at, $"'{text}' is not the name of a Python distribution", s_requirement.Expected,
            text.IndexOfAny(['=', '<', '>', '~', '!']) > 0
                ? "A version belongs to overrides/<release>/constraints.txt"
                : null);
        return false;
    }

    /// <summary>PEP 508 without versions, markers and URLs: a name, or a name with extras.</summary>
    static bool IsRequirement(string text) =>
        Requirement.TryParse(text, out _) is { Specifiers.Count: 0, Marker: null, Url: null }
        && !text.Any(char.IsWhiteSpace) && PythonName.IsValid(text.Split('[')[0]);

    /// <summary>A distribution is one in all its spellings and with all its extras.</summary>
    static string LettersOf(string requirement) => PythonName.Of(requirement.Split('[')[0]).Letters;
}
