namespace CycloneDX.Models;

/// <summary>What a component descends from, and how it differs.</summary>
public class Pedigree
{
    public List<Component>? Ancestors { get; set; }

    public List<Commit>? Commits { get; set; }

    public List<Patch>? Patches { get; set; }

    public string? Notes { get; set; }
}
