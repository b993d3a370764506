using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Storage;
using Tomlyn;
using Tomlyn.Model;

namespace OpenStack.Sources;

/// <summary><c>pyproject.toml</c> of a source tree: TOML, with the tables of PEP 518 and PEP 621.</summary>
/// <param name="Name"><c>[project] name</c>; null where it is not there.</param>
/// <param name="Version"><c>[project] version</c>; null where it is not there.</param>
/// <param name="IsVersionedByGit">Whether <c>[build-system]</c> names PBR or setuptools_scm.</param>
sealed record PyProject(string? Name, string? Version, bool IsVersionedByGit)
{
    static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    /// <summary>
    /// What scripts call, by name: <c>[project.scripts]</c>, and <c>[project.entry-points.console_scripts]</c>, which
    /// PEP 621 forbids and setuptools takes. Nothing (<c>""</c>) for those of <c>[tool.setuptools] script-files</c>,
    /// which are files.
    /// </summary>
    public IReadOnlyDictionary<string, string> Scripts { get; private init; } = s_none;

    /// <summary>The same of PBR's <c>[project.entry-points.wsgi_scripts]</c>.</summary>
    public IReadOnlyDictionary<string, string> WsgiScripts { get; private init; } = s_none;

    /// <summary>Directories of <c>[tool.setuptools.data-files]</c>.</summary>
    public IReadOnlyList<string> DataDirectories { get; private init; } = [];

    public const string File = "pyproject.toml";

    static readonly HashSet<PythonName> s_byGit = [PythonName.Of("pbr"), PythonName.Of("setuptools-scm")];

    /// <summary>Null where there is no such file.</summary>
    /// <exception cref="ProblemException">It is no TOML.</exception>
    public static PyProject? Read(AbsolutePath tree)
    {
        if (!System.IO.File.Exists(tree / File)) return null;
        try
        {
            var root = TomlSerializer.Deserialize<TomlTable>(Utf8File.Read(tree / File, tree / File)) ?? [];
            var (project, build) = (Table(root, "project"), Table(root, "build-system"));
            var (entryPoints, setuptools) = (Table(project, "entry-points"), Table(Table(root, "tool"), "setuptools"));
            var files = Items(setuptools, "script-files")
                .Select(x => KeyValuePair.Create(x.Split('/')[^1], (object)""));
            return new PyProject(Text(project, "name"), Text(project, "version"), IsByGit(build))
            {
                Scripts = Texts([.. Table(project, "scripts"), .. Table(entryPoints, "console_scripts"), .. files]),
                WsgiScripts = Texts(Table(entryPoints, "wsgi_scripts")),
                DataDirectories = [.. Table(setuptools, "data-files").Keys],
            };
        }
        catch (TomlException e)
        {
            throw new ProblemException(new Problem("this is no TOML: " + e.Message, tree / File, e.Line ?? 0,
                e.Column ?? 0), e);
        }
    }

    static bool IsByGit(TomlTable build) =>
        Text(build, "build-backend")?.StartsWith("pbr.", StringComparison.Ordinal) == true
        || Items(build, "requires").Any(x => Requirement.TryParse(x, out _) is { } read && s_byGit.Contains(read.Key));

    static Dictionary<string, string> Texts(IEnumerable<KeyValuePair<string, object>> entries) => entries
        .DistinctBy(x => x.Key).ToDictionary(x => x.Key, x => x.Value as string ?? "", StringComparer.Ordinal);

    static IEnumerable<string> Items(TomlTable of, string name) =>
        of.TryGetValue(name, out var value) && value is TomlArray all ? all.OfType<string>() : [];

    static TomlTable Table(TomlTable of, string name) =>
        of.TryGetValue(name, out var value) && value is TomlTable table ? table : [];

    static string? Text(TomlTable of, string name) => of.TryGetValue(name, out var value) ? value as string : null;
}
