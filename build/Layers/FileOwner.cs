namespace OpenStack.Layers;

/// <summary>What kinds of packages files belong to.</summary>
enum OwnerKind
{
    Debian,
    Python,
}

/// <summary>The package that a file belongs to.</summary>
/// <param name="Name">Of a distribution of Python, after PEP 503.</param>
readonly record struct FileOwner(OwnerKind Kind, string Name);

/// <summary>A file and its package.</summary>
/// <param name="Time">When it was modified, as far as that is the package's; in seconds since 1970.</param>
readonly record struct OwnedFile(FileOwner Owner, long Time);
