using System.Text.RegularExpressions;
using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>A native library that a Python distribution brings within itself.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Name">
/// What its file is called, without the hash that auditwheel and delvewheel add, and without a version.
/// </param>
/// <param name="Product">What it is known to be; null where that is not known.</param>
/// <param name="Version">Of the product; null where it is not known for certain.</param>
/// <param name="VersionFrom">What says so: a text in the file, or the file's name.</param>
sealed partial record NativeLibrary(
    string Path, ImageFile File, string Name, NativeProduct? Product, string? Version, string? VersionFrom)
{
    /// <summary>The name of a file; null where it is none of a library.</summary>
    public static (string Name, string? Version)? Parse(string file)
    {
        var match = new[] { Elf(), MachO(), Dll() }.Select(x => x.Match(file)).FirstOrDefault(x => x.Success);
        if (match is null) return null;
        var version = match.Groups["version"];
        return (match.Groups["name"].Value, version.Success ? version.Value : null);
    }

    /// <summary>
    /// auditwheel writes eight digits of the file's hash, once for each time that the wheel was repaired.
    /// </summary>
    [GeneratedRegex(@"^(?<name>.+?)(?:-[0-9a-f]{4,64})*\.so(?:\.(?<version>[0-9][0-9A-Za-z.]*))?\z")]
    private static partial Regex Elf();

    [GeneratedRegex(@"^(?<name>.+?)(?:\.(?<version>[0-9]+(?:\.[0-9]+)*))?\.dylib\z")]
    private static partial Regex MachO();

    [GeneratedRegex(@"^(?<name>.+?)(?:-[0-9a-f]{4,64})*\.dll\z", RegexOptions.IgnoreCase)]
    private static partial Regex Dll();
}
