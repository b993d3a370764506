using OpenStack.Constraints;
using OpenStack.Oci;
using OpenStack.Packages;

namespace OpenStack.Sbom;

/// <summary>An installed Python distribution (Python packaging, "Recording installed projects").</summary>
/// <param name="Name">As its metadata spells it.</param>
/// <param name="Version">Empty where the metadata says none.</param>
/// <param name="Metadata">Requirements of an egg are among it.</param>
/// <param name="Path">Of the metadata.</param>
/// <param name="Site">The directory that its files are in, <c>…/site-packages</c>, or that of a copy within another distribution.</param>
/// <param name="Environment">
/// The <c>site-packages</c> that an interpreter begins with to find it; null of a copy that another distribution has for itself.
/// </param>
/// <param name="Record">The file of the metadata.</param>
/// <param name="Files">Paths of its files from the root of the image.</param>
/// <param name="Installer">What installed it.</param>
/// <param name="IsForPlatform">Whether its wheel says that it has more than files that are the same everywhere (<c>Root-Is-Purelib</c>).</param>
sealed record PythonDistribution(
    string Name, string Version, CoreMetadata Metadata, string Path, string Site, string? Environment, ImageFile Record,
    IReadOnlyList<string> Files, string? Installer, bool IsForPlatform = false)
{
    public PythonName Key { get; } = PythonName.Of(Name);

    /// <summary>Whether an interpreter finds it; else it is a copy that another distribution has for itself.</summary>
    public bool IsImportable => Environment is not null;

    /// <summary>Whether it says which files it has.</summary>
    public bool HasFileList => Files is not [var only] || only != Path;

    /// <summary>What it needs, as far as that can be read, with the text of each.</summary>
    public IReadOnlyList<(string Text, Requirement Requirement)> Requirements { get; } =
        [.. Metadata.Requirements.Select(x => (x, Read(x))).Where(x => x.Item2 is not null).Select(x => (x.x, x.Item2!))];

    /// <summary>What cannot be read.</summary>
    public IReadOnlyList<string> UnreadableRequirements => [.. Metadata.Requirements.Except(Requirements.Select(x => x.Text))];

    /// <summary>Whether it has code in it whose parts nobody sees.</summary>
    public bool HasNativeCode { get; } = IsForPlatform || Files.Any(x => x.EndsWith(".so", StringComparison.Ordinal) || x.EndsWith(".pyd", StringComparison.Ordinal));

    public string? Field(string name) => Fields(name).FirstOrDefault();

    /// <summary>The values of a field that say something.</summary>
    public IEnumerable<string> Fields(string name) => Metadata.All(name).Select(x => x.Trim())
        .Where(x => x.Length > 0 && !x.Equals("UNKNOWN", StringComparison.OrdinalIgnoreCase));

    /// <summary>A requirement that is given as a URL is one of its name; the form before PEP 508 has parentheses.</summary>
    static Requirement? Read(string text)
    {
        var plain = string.Join(' ', text.Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));
        if (Requirement.TryParse(plain, out _) is { } requirement) return requirement;
        var (body, marker) = plain.IndexOf(plain.Contains('@') ? " ;" : ";", StringComparison.Ordinal) is var at and >= 0
            ? (plain[..at], plain[at..]) : (plain, "");
        if (body.Split('@', 2) is [var name, _]) return Requirement.TryParse(name.Trim() + marker, out _);
        return body.TrimEnd().EndsWith(')') && body.IndexOf('(') is var open and > 0
            ? Requirement.TryParse(body[..open] + body.TrimEnd()[(open + 1)..^1] + marker, out _)
            : null;
    }
}
