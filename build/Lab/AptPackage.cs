using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenStack.Lab;

/// <summary>A binary package as apt would download it.</summary>
/// <param name="File">Name of the file that apt makes of it, <c>NAME_VERSION_ARCHITECTURE.deb</c>.</param>
/// <param name="Size">In bytes.</param>
sealed partial record AptPackage(string Name, string Version, string Architecture, string File, long Size)
{
    /// <summary>As apt is asked for exactly this one.</summary>
    public string Request => $"{Name}={Version}";

    /// <summary>
    /// The packages in what <c>apt-get --print-uris</c> prints: <c>'URI' FILE SIZE HASH</c>, and lines of other kinds.
    /// </summary>
    public static IReadOnlyList<AptPackage> Parse(string text) =>
    [
        .. text.Split('\n').Select(x => Line().Match(x)).Where(x => x.Success).Select(x => new AptPackage(
            x.Groups["name"].Value,
            // A colon, that of an epoch, is no letter of file names.
            x.Groups["version"].Value.Replace("%3a", ":", StringComparison.Ordinal),
            x.Groups["architecture"].Value,
            x.Groups["file"].Value,
            long.Parse(x.Groups["size"].Value, CultureInfo.InvariantCulture))),
    ];

    [GeneratedRegex(
        @"^'[^']+' (?<file>(?<name>[^_ ]+)_(?<version>[^_ ]+)_(?<architecture>[^_ ]+)\.deb) (?<size>\d+)( |$)")]
    private static partial Regex Line();
}
