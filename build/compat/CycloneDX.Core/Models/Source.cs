namespace CycloneDX.Models;

/// <summary>Where an issue or a vulnerability is described.</summary>
public class Source
{
    public string? Name { get; set; }

    public string? Url { get; set; }
}
