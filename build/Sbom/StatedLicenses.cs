namespace OpenStack.Sbom;

/// <summary>What a copyright file says of licences.</summary>
/// <param name="Whole">Those of the whole, all of which hold; none where the file leaves a doubt.</param>
/// <param name="Mentioned">All that it names in a form that is known, those of parts among them.</param>
/// <param name="Note">Why there are none of the whole, or that parts have others; null where neither is so.</param>
sealed record StatedLicenses(
    IReadOnlyList<LicenseText> Whole, IReadOnlyList<LicenseText> Mentioned, string? Note = null);
