using System.Text.RegularExpressions;
using Nuke.Common.IO;
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

        return DistributionName().IsMatch(name)
            ? new ProjectMetadata(name, setup.GetValueOrDefault("version"))
            : throw new ProblemException(new Problem($"'{name}' is no name of a distribution", directory / file, Expected: "a name of PEP 508"));
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

    [GeneratedRegex("^([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9])$")]
    private static partial Regex DistributionName();
}
