using Nuke.Common.IO;

namespace OpenStack.Report;

/// <summary>Where everything that is known of an image lies.</summary>
/// <param name="Name">As its repository is called.</param>
/// <param name="Release">Null of <c>python-base</c>, which is of none.</param>
/// <param name="Repository">Registry, namespace and image.</param>
sealed record ImagePlace(string Name, string? Release, string Repository)
{
    /// <summary>What the repository says it is built from; null of what is built from no source.</summary>
    public string? Ref { get; init; }

    /// <summary>The file that says so, relative to the repository.</summary>
    public string RefFile { get; init; } = "";

    /// <summary>The service, and what is built from source for its image.</summary>
    public IReadOnlyList<ComponentPlace> Components { get; init; } = [];

    /// <summary>OCI layout of all platforms.</summary>
    public required AbsolutePath Layout { get; init; }

    public required AbsolutePath Inputs { get; init; }

    public required AbsolutePath Sboms { get; init; }

    public required AbsolutePath Scans { get; init; }

    public required AbsolutePath Signatures { get; init; }

    public required AbsolutePath Published { get; init; }

    /// <summary>What it brings that the one before has not: <c>release-notes.json</c>.</summary>
    public required AbsolutePath Notes { get; init; }

    /// <summary>Where its image of one platform was made.</summary>
    public required Func<string, AbsolutePath> PartOf { get; init; }

    /// <summary>The target that builds it.</summary>
    public required string BuiltBy { get; init; }

    /// <summary>Results of tests of one platform, each with the target that writes it.</summary>
    public required Func<string, IReadOnlyList<(string Target, AbsolutePath File)>> TestsOf { get; init; }

    /// <summary><c>nova 2025.1</c>.</summary>
    public string Title => Release is null ? Name : $"{Name} {Release}";

    /// <summary>Its page: <c>2025.1-nova.html</c>.</summary>
    public string Page => Release is null ? $"{Name}.html" : $"{Release}-{Name}.html";
}

/// <summary>A component that is built from source.</summary>
/// <param name="Sealed">What its tree is made of: <c>sealed.json</c>.</param>
/// <param name="Patches">The repository's, in the order of application.</param>
sealed record ComponentPlace(string Component, AbsolutePath Sealed, IReadOnlyList<AbsolutePath> Patches);
