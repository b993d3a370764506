namespace OpenStack.Wheels;

/// <summary>A file that an index has of a distribution.</summary>
/// <param name="Name">As in <c>six-1.17.0-py2.py3-none-any.whl</c>.</param>
/// <param name="Url">Where it is; <c>file:</c> where it comes from a directory.</param>
/// <param name="Sha256">Its digest, 64 hexadecimal digits.</param>
public sealed record IndexFile(string Name, string Url, string Sha256)
{
    /// <summary>In bytes; null where the index does not say.</summary>
    public long? Size { get; init; }
}

/// <summary>A distribution of a closure, with the file that it is to be installed from.</summary>
/// <param name="Name">Normalised.</param>
/// <param name="File">
/// The wheel that fits best, or, where there is none, the source distribution that one is to be built from.
/// </param>
public sealed record LockedDistribution(string Name, string Version, IndexFile File)
{
    /// <summary>The source distribution, where the index has one.</summary>
    public IndexFile? Source { get; init; }

    /// <summary>Whether there is no wheel of it that fits.</summary>
    public bool IsSource => !File.Name.EndsWith(".whl", StringComparison.Ordinal);
}
