namespace CycloneDX.Models;

/// <summary>A licence by its SPDX id, or by a name.</summary>
public class License
{
    public string? Id { get; set; }

    public string? Name { get; set; }
}
