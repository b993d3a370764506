using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Packages;
using OpenStack.Sources;
using OpenStack.Storage;
using Tomlyn;
using Tomlyn.Model;

namespace OpenStack.Indexes;

/// <summary>
/// What a source tree of Python asks for, as far as its files say it and nothing of it is run: to be built, and to be
/// installed. It may be more than that is asked for in the end.
/// </summary>
/// <param name="Build">Of what builds its wheel.</param>
/// <param name="Runtime">Of what is installed beside it.</param>
public sealed partial record ProjectRequirements(IReadOnlyList<Requirement> Build, IReadOnlyList<Requirement> Runtime)
{
    /// <summary>The files that say it.</summary>
    public static IReadOnlyList<string> Files { get; } =
        ["pyproject.toml", "setup.cfg", "setup.py", "requirements.txt", "PKG-INFO"];

    /// <summary>PEP 517: what builds a project that does not say.</summary>
    const string Legacy = "setuptools>=40.8.0";

    /// <param name="tree">The tree.</param>
    /// <param name="extras">Those that are wanted.</param>
    /// <exception cref="Diagnostics.ProblemException">A file is none of its kind.</exception>
    public static ProjectRequirements Read(AbsolutePath tree, IReadOnlyList<string> extras)
    {
        var project = File.Exists(tree / "pyproject.toml")
            ? TomlSerializer.Deserialize<TomlTable>(Utf8File.Read(tree / "pyproject.toml", tree / "pyproject.toml"))
            : null;
        var setup = IniFile.Read(tree / "setup.cfg");
        var legacy = File.Exists(tree / "setup.py") ? File.ReadAllText(tree / "setup.py") : "";
        var system = Table(project, "build-system");
        var build = Texts(system, "requires").DefaultIfEmpty(Legacy)
            .Concat(setup.Lines("options", "setup_requires"))
            .Concat(SetupRequires().Matches(legacy).SelectMany(x => Literal().Matches(x.Value))
                .Select(x => x.Groups["text"].Value));
        var (table, optional) = (Table(project, "project"), Table(Table(project, "project"), "optional-dependencies"));
        var runtime = Texts(table, "dependencies")
            .Concat(setup.Lines("options", "install_requires"))
            .Concat(LinesOf(tree / "requirements.txt"))
            .Concat(extras.SelectMany(x => Texts(optional, x)
                .Concat(setup.Lines("options.extras_require", x)).Concat(setup.Lines("extras", x))))
            .Concat(Exported(tree, extras));
        return new ProjectRequirements(Parse(build), Parse(runtime));
    }

    /// <summary>What a source distribution says of itself.</summary>
    static IEnumerable<string> Exported(AbsolutePath tree, IReadOnlyList<string> extras)
    {
        if (!File.Exists(tree / "PKG-INFO")) return [];
        var metadata = CoreMetadata.Parse(File.ReadAllText(tree / "PKG-INFO"));
        foreach (var egg in Directory.GetFiles(tree, "requires.txt", SearchOption.AllDirectories)
            .Where(x => Path.GetDirectoryName(x)!.EndsWith(".egg-info", StringComparison.Ordinal)))
            metadata.AddFromEgg(File.ReadAllText(egg));
        return WithoutOthers(metadata.Requirements, extras);
    }

    /// <summary>Those of no extra, or of one that is wanted.</summary>
    static IEnumerable<string> WithoutOthers(IEnumerable<string> requirements, IReadOnlyList<string> extras) =>
        requirements.Where(x => Requirement.TryParse(x, out _) is { } read
            && (!read.IsOptional || extras.Any(y => read.Marker!.Holds(new MarkerEnvironment(
                new Dictionary<string, string>()).WithExtra(y)) != false)));

    static IEnumerable<string> LinesOf(AbsolutePath file) => File.Exists(file)
        ? TextLine.Of(Utf8File.Read(file, file)).Select(x => x.Content)
        : [];

    /// <summary>
    /// What cannot be read is nobody's to install either: the resolver says so. Old files of PBR set a marker off by
    /// a colon.
    /// </summary>
    static IReadOnlyList<Requirement> Parse(IEnumerable<string> lines) =>
    [
        .. lines.Select(x => x.Trim()).Where(x => x.Length > 0)
            .Select(x => Requirement.TryParse(x, out _) ?? Requirement.TryParse(Colon().Replace(x, ";", 1), out _))
            .OfType<Requirement>(),
    ];

    static TomlTable? Table(TomlTable? of, string name) =>
        of is not null && of.TryGetValue(name, out var value) ? value as TomlTable : null;

    static IEnumerable<string> Texts(TomlTable? of, string name) =>
        of is not null && of.TryGetValue(name, out var value) && value is TomlArray all ? all.OfType<string>() : [];

    [GeneratedRegex(@"setup_requires\s*=\s*\[[^\]]*\]")]
    private static partial Regex SetupRequires();

    [GeneratedRegex("""(?<quote>['"])(?<text>[^'"]+)\k<quote>""")]
    private static partial Regex Literal();

    [GeneratedRegex(":(?!//)")]
    private static partial Regex Colon();
}
