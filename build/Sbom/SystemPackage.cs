using System.Text.RegularExpressions;
using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>
/// A Debian package that an image has, after its stanza in dpkg's database (deb-control(5), dpkg-query(1)).
/// </summary>
/// <param name="Name">Without architecture.</param>
/// <param name="Fields">Of the stanza.</param>
/// <param name="Record">
/// The file that tells which files the package has; where there is none, the one with the stanza.
/// </param>
/// <param name="IsRecordItsOwn">Whether that file came with the package, and not with the last one.</param>
/// <param name="Files">Paths of its files, as the package has them.</param>
/// <param name="Licenses">What its copyright file says.</param>
sealed partial record SystemPackage(
    string Name, IReadOnlyDictionary<string, string> Fields, ImageFile Record, bool IsRecordItsOwn,
    IReadOnlyList<string> Files, StatedLicenses Licenses)
{
    public string Version => Field("Version") ?? "";

    public string Architecture => Field("Architecture") ?? "";

    /// <summary>As dpkg names it: <c>libc6:amd64</c>.</summary>
    public string Id => $"{Name}:{Architecture}";

    public string? Field(string name) => Fields.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>
    /// Name and version of the source package, which are the package's own where nothing else is said:
    /// <c>Source: glibc (2.41-1)</c>.
    /// </summary>
    public (string Name, string Version) Source
    {
        get
        {
            var source = SourceField().Match(Field("Source") ?? "");
            return source.Success
                ? (source.Groups["name"].Value,
                    source.Groups["version"] is { Success: true, Value: var version } ? version : Version)
                : (Name, Version);
        }
    }

    /// <summary>The first line of the description.</summary>
    public string? Synopsis => Field("Description")?.Split('\n')[0];

    /// <summary>Names in <c>Provides</c>.</summary>
    public IEnumerable<string> Provides =>
        Relation().Matches(Field("Provides") ?? "").Select(x => x.Groups["name"].Value);

    /// <summary>What it needs: of each of these lists one.</summary>
    public IEnumerable<IReadOnlyList<string>> Dependencies =>
        $"{Field("Pre-Depends")},{Field("Depends")}"
            .Split(',')
            .Select(x => (IReadOnlyList<string>)[.. x.Split('|')
                .Select(y => Relation().Match(y))
                .Where(y => y.Success)
                .Select(y => y.Groups["name"].Value)])
            .Where(x => x.Count > 0);

    /// <summary>
    /// Whether the database says that it is there, if perhaps not configured. Distroless images do not say.
    /// </summary>
    public static bool IsInstalled(IReadOnlyDictionary<string, string> fields) =>
        !fields.TryGetValue("Status", out var status)
        || status.Split(' ') is not [.., "not-installed" or "config-files"];

    [GeneratedRegex(@"^(?<name>[^\s(]+)(\s*\((?<version>[^)]+)\))?")]
    private static partial Regex SourceField();

    [GeneratedRegex(@"(?<=^|,)\s*(?<name>[a-z0-9][a-z0-9+.-]*)(?=[\s:(\[<,]|$)")]
    private static partial Regex Relation();
}
