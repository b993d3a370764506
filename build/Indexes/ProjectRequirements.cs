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
    /// <summary>What stands in its files where a requirement should, and is none.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

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
        var unread = new List<string>();
        return new ProjectRequirements(Parse(build, unread), Parse(runtime, unread)) { Unread = unread };
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

    /// <summary>What files of requirements ask for (pip, "Requirements File Format").</summary>
    public static ProjectRequirements OfFiles(IEnumerable<AbsolutePath> files)
    {
        var unread = new List<string>();
        return new ProjectRequirements([], Parse(files.SelectMany(LinesOf), unread)) { Unread = unread };
    }

    /// <summary>Those of files that it includes among them; its options are none.</summary>
    static IEnumerable<string> LinesOf(AbsolutePath file) => !File.Exists(file) ? []
        : TextLine.Of(Utf8File.Read(file, file)).SelectMany(x =>
            Include().Match(x.Options ?? "") is { Success: true } include
                ? LinesOf(file.Parent! / include.Groups["file"].Value)
                : (IEnumerable<string>)[x.Content]);

    /// <summary>
    /// Files of PBR have the licence behind a requirement, as a comment, and old ones set a marker off by a colon.
    /// </summary>
    /// <param name="unread">Gets what cannot be read.</param>
    static IReadOnlyList<Requirement> Parse(IEnumerable<string> lines, List<string> unread)
    {
        var read = lines.Select(x => Comment().Replace(x, "").Trim()).Where(x => x.Length > 0).Select(x => (Line: x,
            Requirement: Requirement.TryParse(x, out _) ?? Requirement.TryParse(Colon().Replace(x, ";", 1), out _)))
            .ToList();
        unread.AddRange(read.Where(x => x.Requirement is null).Select(x => x.Line));
        return [.. read.Select(x => x.Requirement).OfType<Requirement>()];
    }

    static TomlTable? Table(TomlTable? of, string name) =>
        of is not null && of.TryGetValue(name, out var value) ? value as TomlTable : null;

    static IEnumerable<string> Texts(TomlTable? of, string name) =>
        of is not null && of.TryGetValue(name, out var value) && value is TomlArray all ? all.OfType<string>() : [];

    [GeneratedRegex(@"setup_requires\s*=\s*\[[^\]]*\]")]
    private static partial Regex SetupRequires();

    [GeneratedRegex("""(?<quote>['"])(?<text>[^'"]+)\k<quote>""")]
    private static partial Regex Literal();

    [GeneratedRegex(@"^(?:-r|--requirement)[\s=]+(?<file>\S+)$")]
    private static partial Regex Include();

    [GeneratedRegex(@"(^|\s)#.*")]
    private static partial Regex Comment();

    [GeneratedRegex(":(?!//)")]
    private static partial Regex Colon();
}
