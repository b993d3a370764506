using OpenStack.Constraints;

namespace OpenStack.Sbom;

/// <summary>The file that a distribution of an image was installed from.</summary>
/// <param name="File">Its name: a wheel, or a source archive that a wheel was made of.</param>
/// <param name="Sha256">64 hexadecimal digits, as the index says and as what came was.</param>
/// <param name="Url">Where it came from; null where only its name is known.</param>
/// <param name="BuiltFrom">The source archive that it was built from here; null of a file that the index has.</param>
sealed record DistributionFile(string Name, string Version, string File, string Sha256, string? Url = null, SourceArchive? BuiltFrom = null)
{
    public PythonName Key => PythonName.Of(Name);
}

/// <summary>A source archive of the index.</summary>
/// <param name="Sha256">64 hexadecimal digits.</param>
sealed record SourceArchive(string File, string Sha256);
