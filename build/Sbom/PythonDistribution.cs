using OpenStack.Constraints;
using OpenStack.Oci;
using OpenStack.Packages;

namespace OpenStack.Sbom;

/// <summary>An installed Python distribution (Python packaging, "Recording installed projects").</summary>
/// <param name="Name">As its metadata spells it.</param>
/// <param name="Version">Empty where the metadata says none.</param>
/// <param name="Metadata">Requirements of an egg are among it.</param>
/// <param name="Path">Of the metadata.</param>
/// <param name="Site">The directory that the interpreter finds it in, <c>…/site-packages</c>, or that of a copy within another distribution.</param>
/// <param name="Record">The file of the metadata.</param>
/// <param name="Files">Paths of its files from the root of the image.</param>
/// <param name="Installer">What installed it.</param>
sealed record PythonDistribution(
    string Name, string Version, CoreMetadata Metadata, string Path, string Site, ImageFile Record, IReadOnlyList<string> Files, string? Installer)
{
    public PythonName Key { get; } = PythonName.Of(Name);

    /// <summary>Whether an interpreter finds it; else it is a copy that another distribution has for itself.</summary>
    public bool IsImportable => Site.EndsWith("/site-packages", StringComparison.Ordinal) || Site.EndsWith("/dist-packages", StringComparison.Ordinal);

    public string? Field(string name) => Metadata.All(name).Select(x => x.Trim()).FirstOrDefault(x => x.Length > 0 && !x.Equals("UNKNOWN", StringComparison.OrdinalIgnoreCase));
}
