using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>What a Python source tree says of itself.</summary>
/// <param name="Name">
/// Distribution name as written: <c>[project] name</c> in pyproject.toml (PEP 621), else <c>[metadata] name</c> in
/// setup.cfg. placement's is openstack-placement.
/// </param>
/// <param name="PreVersion">
/// <c>[metadata] version</c> in setup.cfg: to PBR the version to come. Null in all but old trees.
/// </param>
public sealed partial record ProjectMetadata(string Name, string? PreVersion = null)
{
    const string Setup = "setup.cfg";
    const string Legacy = "setup.py";
    const string Export = "PKG-INFO";

    /// <summary>
    /// The version that the tree itself says, which nothing changes: <c>[project] version</c>, or, where git tells
    /// none, that in setup.cfg.
    /// </summary>
    public string? Version { get; private init; }

    /// <summary>
    /// Whether git tells the version: PBR builds the tree, or setuptools_scm, which counts alike and may be told the
    /// version, too.
    /// </summary>
    public bool IsVersionedByGit { get; private init; } = true;

    /// <summary>
    /// The version of an unpacked source distribution, by its PKG-INFO; like PBR, only if that one has the same name.
    /// </summary>
    public string? ExportedVersion { get; private init; }

    /// <exception cref="ProblemException">
    /// Neither file names a distribution, or the name breaks the rules of PEP 508.
    /// </exception>
    public static ProjectMetadata Read(AbsolutePath directory)
    {
        var project = PyProject.Read(directory);
        var setup = IniFile.Read(directory / Setup);
        var (name, file) = project?.Name is { } named ? (named, PyProject.File)
            : (setup.Text("metadata", "name"), Setup);
        if (string.IsNullOrEmpty(name))
        {
            throw new ProblemException(new Problem(
                "The source tree names no Python distribution", directory,
                Expected: $"'name' in [project] of {PyProject.File} or in [metadata] of {Setup}"));
        }

        if (!DistributionName().IsMatch(name))
            throw new ProblemException(new Problem($"'{name}' is no name of a distribution", directory / file,
                Expected: "a name of PEP 508"));
        var byGit = IsVersionedByGitIn(directory, project);
        var inSetup = setup.Text("metadata", "version");
        var version = project?.Version ?? (byGit ? null : inSetup);
        var said = version is null || Directive().IsMatch(version) ? null : version;
        return new ProjectMetadata(name, byGit ? inSetup : null)
        {
            Version = said,
            IsVersionedByGit = byGit,
            ExportedVersion = said ?? VersionInExport(directory / Export, name),
        };
    }

    /// <summary>A tree with neither file is an old one of PBR's.</summary>
    static bool IsVersionedByGitIn(AbsolutePath directory, PyProject? project)
    {
        var legacy = directory / Legacy;
        return File.Exists(legacy) ? project?.IsVersionedByGit == true || File.ReadLines(legacy)
            .Any(x => ByGit().IsMatch(x)) : project?.IsVersionedByGit ?? true;
    }

    static string? VersionInExport(AbsolutePath file, string name)
    {
        if (!File.Exists(file)) return null;
        var headers = File.ReadLines(file)
            .TakeWhile(x => x.Length > 0)
            .Select(x => KeyValue().Match(x))
            .Where(x => x.Success)
            .ToLookup(x => x.Groups["key"].Value, x => x.Groups["value"].Value.Trim(),
                StringComparer.OrdinalIgnoreCase);
        return PythonName.Of(headers["Name"].FirstOrDefault("")) == PythonName.Of(name)
            ? headers["Version"].FirstOrDefault()
            : null;
    }

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
