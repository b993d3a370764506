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
/// <param name="Scripts">Names of <c>[project.scripts]</c>, and of PBR's
/// <c>[project.entry-points.wsgi_scripts]</c>.</param>
/// <param name="IsVersionedByGit">Whether <c>[build-system]</c> names PBR or setuptools_scm.</param>
sealed record PyProject(string? Name, string? Version, IReadOnlyList<string> Scripts, bool IsVersionedByGit)
{
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
            return new PyProject(Text(project, "name"), Text(project, "version"),
                [.. Table(project, "scripts").Keys, .. Table(Table(project, "entry-points"), "wsgi_scripts").Keys],
                IsByGit(build));
        }
        catch (TomlException e)
        {
            throw new ProblemException(new Problem("this is no TOML: " + e.Message, tree / File, e.Line ?? 0,
                e.Column ?? 0), e);
        }
    }

    static bool IsByGit(TomlTable build) =>
        Text(build, "build-backend")?.StartsWith("pbr.", StringComparison.Ordinal) == true
        || (build.TryGetValue("requires", out var requires) && requires is TomlArray all
            && all.OfType<string>().Any(x => Requirement.TryParse(x, out _) is { } read && s_byGit.Contains(read.Key)));

    static TomlTable Table(TomlTable of, string name) =>
        of.TryGetValue(name, out var value) && value is TomlTable table ? table : [];

    static string? Text(TomlTable of, string name) => of.TryGetValue(name, out var value) ? value as string : null;
}
