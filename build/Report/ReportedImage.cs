namespace OpenStack.Report;

/// <summary>What is known of an image.</summary>
sealed record ReportedImage(ImagePlace Place)
{
    public string Title => Place.Title;

    public required Fact<ImageBuild> Build { get; init; }

    public required Fact<PackageList> Packages { get; init; }

    public required IReadOnlyList<ReportedPatch> Patches { get; init; }

    public required Fact<IReadOnlyList<ReportedFinding>> Findings { get; init; }

    public required Fact<IReadOnlyList<MendedFinding>> Vex { get; init; }

    public required Fact<ReportedProvenance> Provenance { get; init; }

    public required Fact<IReadOnlyList<ReportedStatement>> Statements { get; init; }

    public required Fact<ReportedPublication> Published { get; init; }

    public required Fact<ReportedNotes> Notes { get; init; }

    public required IReadOnlyList<Fact<ReportedTest>> Tests { get; init; }

    public required Fact<ReportedVerification> Verified { get; init; }

    /// <summary>What is otherwise than when it came out as another image.</summary>
    public required Fact<RebuildReason> Rebuilt { get; init; }

    /// <summary>Everything that its digest depends on, by name.</summary>
    public required Fact<IReadOnlyDictionary<string, string>> Inputs { get; init; }

    /// <summary>The layers of all its platforms, each once.</summary>
    public IEnumerable<ReportedLayer> Layers =>
        Build.Value?.Platforms.SelectMany(x => x.Layers).DistinctBy(x => x.Digest) ?? [];

    /// <summary>What a scanner has found, and no patch mends.</summary>
    public IEnumerable<ReportedFinding> Open => Findings.Value?.Where(x => !x.IsMended) ?? [];
}

/// <param name="Digest">By which a registry knows the image.</param>
/// <param name="Version">Empty where it has none.</param>
/// <param name="Revision">The commit it is built from; empty where it has none.</param>
/// <param name="Created">As it says of itself.</param>
sealed record ImageBuild(string Digest, string Version, string Revision, string Source, string Created,
    IReadOnlyList<ReportedPlatform> Platforms)
{
    /// <summary>Bytes of configurations and layers, as they are stored, each once.</summary>
    public long Size => Platforms.Sum(x => x.ConfigSize)
        + Platforms.SelectMany(x => x.Layers).DistinctBy(x => x.Digest).Sum(x => x.Size);
}

sealed record ReportedPlatform(string Platform, string Digest, long ConfigSize, IReadOnlyList<ReportedLayer> Layers);

/// <param name="Size">Bytes as they are stored.</param>
/// <param name="Made">By what, as the image's history says.</param>
sealed record ReportedLayer(string Digest, long Size, string Made);

/// <summary>Of all platforms, each package once.</summary>
sealed record PackageList(IReadOnlyList<ReportedPackage> Packages, int WithoutLicense)
{
    /// <summary>How many there are of each kind, the largest first.</summary>
    public IEnumerable<(string Kind, int Count)> Kinds => Packages.GroupBy(x => x.Kind)
        .Select(x => (x.Key, x.Count())).OrderByDescending(x => x.Item2).ThenBy(x => x.Key, StringComparer.Ordinal);
}

/// <param name="Kind">Type of its purl, <c>deb</c> or <c>pypi</c>; where it has none, what CycloneDX calls it.</param>
/// <param name="Layers">Digests of the layers that it came with, of each platform; none where nobody says.</param>
/// <param name="Platforms">Those that have it; empty for all.</param>
sealed record ReportedPackage(string Kind, string Name, string Version, IReadOnlyList<string> Layers,
    string Platforms);

/// <param name="File">Relative to the repository.</param>
/// <param name="State">In words; from the file that says it, or not known.</param>
/// <param name="Detail">Why it is in that state; empty where there is nothing to say.</param>
/// <param name="Names">Vulnerabilities and bugs.</param>
sealed record ReportedPatch(string Component, string Title, string File, Fact<string> State, string Detail,
    string Subject, string Author, IReadOnlyList<string> Names);

/// <param name="Severity">As the scanner has it: 0 not known, 1 negligible, to 5 critical.</param>
/// <param name="IsMended">Whether a patch of the image mends it, by its VEX.</param>
sealed record ReportedFinding(IReadOnlyList<string> Ids, int Severity, string Word, string Component, string Version,
    IReadOnlyList<string> FixedIn, bool IsMended);

/// <summary>A vulnerability that a patch mends.</summary>
sealed record MendedFinding(string Id, string Component, string State, string Detail);

/// <param name="Dependencies">How many things it was made of.</param>
/// <param name="WithDigest">How many of them have a digest.</param>
sealed record ReportedProvenance(string Builder, string BuilderVersion, string Ref, bool IsHermetic,
    bool IsReproducible, int Dependencies, int WithDigest);

/// <summary>A signed statement about the image or one of its platforms.</summary>
sealed record ReportedStatement(string Kind, string Subject, string File);

/// <param name="IsThis">Whether it is this very image.</param>
sealed record ReportedPublication(string Repository, string Digest, IReadOnlyList<string> Tags, bool IsThis);

/// <summary>What the image brings that the one before has not.</summary>
sealed record ReportedNotes(string Before, IReadOnlyList<string> Fixes, IReadOnlyList<string> Loses,
    IReadOnlyList<(string Kind, int Count)> Packages);

/// <param name="Target">That has run it.</param>
/// <param name="Result"><c>PASSED</c>, <c>WARNED</c> or <c>FAILED</c>.</param>
sealed record ReportedTest(string Target, string Platform, string Result, IReadOnlyList<string> Failed,
    IReadOnlyList<string> Warned, IReadOnlyList<string> Passed);

/// <param name="Holds">Null where nobody can tell.</param>
sealed record ReportedVerification(string Reference, bool? Holds, int Checks, IReadOnlyList<string> Wrong);

/// <summary>Why an image is another one than it was.</summary>
/// <param name="Before">Digest of that one.</param>
sealed record RebuildReason(string Before, DateTimeOffset Seen, IReadOnlyList<InputChange> Changes);

/// <param name="Before">Null where there was none.</param>
/// <param name="Now">Null where there is none any more.</param>
sealed record InputChange(string Name, string? Before, string? Now);
