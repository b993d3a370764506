using System.Text;
using System.Text.RegularExpressions;
using OpenStack.Constraints;

namespace OpenStack.Sbom;

/// <summary>The interpreter that looks into a directory of an image, as far as markers ask for it.</summary>
static partial class PythonInterpreter
{
    const string Configuration = "pyvenv.cfg";

    /// <summary>The files that this needs the content of.</summary>
    public static bool Keeps(string path) => path.EndsWith("/" + Configuration, StringComparison.Ordinal);

    /// <param name="site">The directory, <c>…/lib/python3.13/site-packages</c>.</param>
    public static MarkerEnvironment Of(Inventory inventory, string site)
    {
        var version = Interpreter().Match(site) is { Success: true } inPath ? inPath
            : inventory.Tree.Files("usr/bin").Select(x => Interpreter().Match(x.Path)).FirstOrDefault(x => x.Success);
        var machine = ImageBom.ArchitectureOf(inventory.Config) switch
        {
            "amd64" => "x86_64",
            "arm64" => "aarch64",
            var other => other,
        };
        var minor = version?.Groups["version"].Value ?? "3.0";
        return MarkerEnvironment.Linux(FullVersion(inventory, site, minor) ?? minor, machine);
    }

    /// <summary>
    /// As the package says that brought it; of another one, as it wrote it into the virtual environment.
    /// </summary>
    static string? FullVersion(Inventory inventory, string site, string minor)
    {
        var packaged = inventory.Packages.FirstOrDefault(x => x.Name == $"python{minor}-minimal"
            || x.Name == $"libpython{minor}-minimal");
        if (packaged is not null && Version().Match(packaged.Version) is { Success: true } found)
            return Of(found.Value, minor);
        var root = site.Split($"/lib/python{minor}/")[0];
        if (inventory.Tree.Find($"{root}/{Configuration}") is not { Content: { } content }) return null;
        var line = Line().Match(Encoding.UTF8.GetString(content));
        return line.Success ? Of(line.Groups["version"].Value, minor) : null;
    }

    static string? Of(string version, string minor) =>
        version.StartsWith(minor + ".", StringComparison.Ordinal) ? version : null;

    [GeneratedRegex(@"/python(?<version>3\.[0-9]+)(?=/|\z)")]
    private static partial Regex Interpreter();

    [GeneratedRegex(@"^[0-9]+\.[0-9]+\.[0-9]+")]
    private static partial Regex Version();

    /// <summary>venv writes <c>version</c>, virtualenv and uv <c>version_info</c>.</summary>
    [GeneratedRegex(@"^version(?:_info)?[ \t]*=[ \t]*(?<version>[0-9]+\.[0-9]+\.[0-9]+)", RegexOptions.Multiline)]
    private static partial Regex Line();
}
