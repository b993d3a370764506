namespace OpenStack.Sbom;

/// <summary>How bad a vulnerability is, as Grype says.</summary>
enum VulnerabilitySeverity
{
    Unknown,
    Negligible,
    Low,
    Medium,
    High,
    Critical,
}

/// <summary>What a scan fails on: <c>images/scan.yaml</c>.</summary>
/// <param name="FailOn">This severity or a worse one; null for none.</param>
/// <param name="Ignored">What does not count.</param>
sealed record ScanPolicy(VulnerabilitySeverity? FailOn, IReadOnlyList<IgnoredVulnerability> Ignored)
{
    /// <summary>The findings for which the image does not pass.</summary>
    public IEnumerable<Finding> Violations(string image, IEnumerable<Finding> findings) =>
        findings.Where(x => FailOn is { } least && x.Severity >= least && !Ignored.Any(y => y.Holds(image, x)));
}

/// <summary>A vulnerability that somebody has decided not to count.</summary>
/// <param name="Expires">The last day on which that holds.</param>
/// <param name="Images">For which images; none for all.</param>
sealed record IgnoredVulnerability(string Id, string Reason, DateOnly Expires, IReadOnlyList<string> Images)
{
    public bool Holds(string image, Finding finding) =>
        finding.Ids.Contains(Id, StringComparer.OrdinalIgnoreCase) && (Images.Count == 0 || Images.Contains(image));
}

/// <summary>A vulnerability that a scanner has found in a component.</summary>
/// <param name="Ids">Its names, the scanner's first.</param>
/// <param name="Component">The component's name.</param>
/// <param name="Purl">The component's purl; null where the scanner does not say.</param>
/// <param name="FixedIn">Versions without it; none where there is none.</param>
sealed record Finding(IReadOnlyList<string> Ids, VulnerabilitySeverity Severity, string Component, string Version,
    string? Purl, IReadOnlyList<string> FixedIn);
