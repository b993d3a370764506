using OpenStack.Constraints;
using OpenStack.Oci;
using OpenStack.Packages;

namespace OpenStack.Sbom;

/// <summary>An installed Python distribution (Python packaging, "Recording installed projects").</summary>
/// <param name="Name">As its metadata spells it.</param>
/// <param name="Version">Empty where the metadata says none.</param>
/// <param name="Metadata">Requirements of an egg are among it.</param>
/// <param name="Path">Of the metadata.</param>
/// <param name="Site">
/// The directory that its files are in, <c>…/site-packages</c>, or that of a copy within another distribution.
/// </param>
/// <param name="Environment">
/// The <c>site-packages</c> that an interpreter begins with to find it; null of a copy that another distribution has
/// for itself.
/// </param>
/// <param name="Record">The file of the metadata.</param>
/// <param name="Files">Paths of its files from the root of the image.</param>
/// <param name="Installer">What installed it.</param>
/// <param name="IsForPlatform">
/// Whether its wheel says that it has more than files that are the same everywhere (<c>Root-Is-Purelib</c>).
/// </param>
/// <param name="Unread">
/// Why its metadata is not read, so that its directory's name is all that is known; null where it is.
/// </param>
sealed record PythonDistribution(
    string Name, string Version, CoreMetadata Metadata, string Path, string Site, string? Environment, ImageFile Record,
    IReadOnlyList<string> Files, string? Installer, bool IsForPlatform = false, string? Unread = null)
{
    static readonly string[] s_makers = ["Author", "Author-email", "Maintainer", "Maintainer-email"];

    public PythonName Key { get; } = PythonName.Of(Name);

    /// <summary>Whether an interpreter finds it; else it is a copy that another distribution has for itself.</summary>
    public bool IsImportable => Environment is not null;

    /// <summary>Whether it says which files it has.</summary>
    public bool HasFileList => Files is not [var only] || only != Path;

    /// <summary>What it needs, as far as that can be read, with the text of each.</summary>
    public IReadOnlyList<(string Text, Requirement Requirement)> Requirements { get; } =
        [.. Metadata.Requirements.Select(x => (Text: x, Requirement: Read(x)!)).Where(x => x.Requirement is not null)];

    /// <summary>What cannot be read.</summary>
    public IReadOnlyList<string> UnreadableRequirements =>
        [.. Metadata.Requirements.Except(Requirements.Select(x => x.Text))];

    /// <summary>Whether it has code in it whose parts nobody sees.</summary>
    public bool HasNativeCode { get; } = IsForPlatform || Files.Any(IsExtensionModule);

    /// <summary>Who made it, in the form of one of these fields; null where it does not say.</summary>
    public string? Maker => s_makers.Select(Field).FirstOrDefault(x => x is not null);

    public string? Field(string name) => Fields(name).FirstOrDefault();

    /// <summary>The values of a field that say something.</summary>
    public IEnumerable<string> Fields(string name) => Metadata.All(name).Select(x => x.Trim())
        .Where(x => x.Length > 0 && !x.Equals("UNKNOWN", StringComparison.OrdinalIgnoreCase));

    static bool IsExtensionModule(string path) =>
        path.EndsWith(".so", StringComparison.Ordinal) || path.EndsWith(".pyd", StringComparison.Ordinal);

    /// <summary>Headers may be folded.</summary>
    static Requirement? Read(string text) => Requirement.TryParse(
        string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), out _);
}
