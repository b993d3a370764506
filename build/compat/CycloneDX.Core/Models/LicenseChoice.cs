namespace CycloneDX.Models;

/// <summary>One licence, or an SPDX expression, which then is the only choice of its list.</summary>
public class LicenseChoice
{
    public License? License { get; set; }

    public string? Expression { get; set; }
}
