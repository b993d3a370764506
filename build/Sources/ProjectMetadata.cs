using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>What a Python source tree says of itself.</summary>
/// <param name="Name">
/// Distribution name as written: <c>[project] name</c> in pyproject.toml (PEP 621), else <c>[metadata] name</c> in setup.cfg.
/// placement's is openstack-placement.
/// </param>
/// <param name="PreVersion"><c>[metadata] version</c> in setup.cfg: to PBR the version to come. Null in all but old trees.</param>
public sealed partial record ProjectMetadata(string Name, string? PreVersion = null)
{
    const string Project = "pyproject.toml";
    const string Setup = "setup.cfg";
    const string Legacy = "setup.py";
    const string Export = "PKG-INFO";

    /// <summary>
    /// The version that the tree itself says, which nothing changes: <c>[project] version</c>, or, where git tells none, that in setup.cfg.
    /// </summary>
    public string? Version { get; private init; }

    /// <summary>Whether git tells the version: PBR builds the tree, or setuptools_scm, which counts alike and may be told the version, too.</summary>
    public bool IsVersionedByGit { get; private init; } = true;

    /// <summary>The version of an unpacked source distribution, by its PKG-INFO; like PBR, only if that one has the same name.</summary>
    public string? ExportedVersion { get; private init; }

    /// <exception cref="ProblemException">Neither file names a distribution, or the name breaks the rules of PEP 508.</exception>
    public static ProjectMetadata Read(AbsolutePath directory)
    {
        var project = Section(directory / Project, "project");
        var setup = Section(directory / Setup, "metadata");
        var (name, file) = project.TryGetValue("name", out var named) ? (Unquote(named), Project) : (setup.GetValueOrDefault("name"), Setup);
        if (string.IsNullOrEmpty(name))
        {
            throw new ProblemException(new Problem(
                "The source tree names no Python distribution", directory,
                Expected: $"'name' in [project] of {Project} or in [metadata] of {Setup}"));
        }

        if (!DistributionName().IsMatch(name)) throw new ProblemException(new Problem($"'{name}' is no name of a distribution", directory / file, Expected: "a name of PEP 508"));
        var byGit = IsVersionedByGitIn(directory);
        var inSetup = setup.GetValueOrDefault("version");
        var version = project.TryGetValue("version", out var own) ? Unquote(own) : byGit ? null : inSetup;
        var said = version is null || Directive().IsMatch(version) ? null : version;
        return new ProjectMetadata(name, byGit ? inSetup : null)
        {
            Version = said,
            IsVersionedByGit = byGit,
            ExportedVersion = said ?? VersionInExport(directory / Export, name),
        };
    }

    /// <summary>A tree with neither file is an old one of PBR's.</summary>
    static bool IsVersionedByGitIn(AbsolutePath directory)
    {
        var files = new[] { directory / Project, directory / Legacy }.Where(x => File.Exists(x)).ToList();
        return files.Count == 0 || files.Any(x => File.ReadLines(x).Any(line => ByGit().IsMatch(line)));
    }

    static string? VersionInExport(AbsolutePath file, string name)
    {
        if (!File.Exists(file)) return null;
        var headers = File.ReadLines(file).TakeWhile(x => x.Length > 0).Select(x => KeyValue().Match(x)).Where(x => x.Success)
            .ToLookup(x => x.Groups["key"].Value, x => x.Groups["value"].Value.Trim(), StringComparer.OrdinalIgnoreCase);
        return PythonName.Of(headers["Name"].FirstOrDefault("")) == PythonName.Of(name) ? headers["Version"].FirstOrDefault() : null;
    }

    /// <summary>
    /// The one-line keys of one section, the same in INI and TOML for what is read here. INI keys know no case and may be set by
    /// a colon.
    /// </summary>
    static Dictionary<string, string> Section(AbsolutePath file, string section)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (!File.Exists(file)) return values;
        var inside = false;
        foreach (var line in File.ReadLines(file))
        {
            if (line.StartsWith('[')) inside = line.Split('#')[0].Trim() == $"[{section}]";
            else if (inside && KeyValue().Match(line) is { Success: true } x) values.TryAdd(x.Groups["key"].Value, x.Groups["value"].Value.Trim());
        }

        return values;
    }

    static string Unquote(string value) => value.Length > 1 && value[0] is '"' or '\'' && value.IndexOf(value[0], 1) is > 0 and var end
        ? value[1..end]
        : value;

    [GeneratedRegex(@"^(?<key>[A-Za-z0-9_-]+)\s*[=:]\s*(?<value>.*)$")]
    private static partial Regex KeyValue();

    /// <summary>Not a version but where setuptools finds it.</summary>
    [GeneratedRegex("^(attr|file):")]
    private static partial Regex Directive();

    [GeneratedRegex(@"\b(pbr|setuptools[_-]scm)\b")]
    private static partial Regex ByGit();

    [GeneratedRegex("^([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9])$")]
    private static partial Regex DistributionName();
}
