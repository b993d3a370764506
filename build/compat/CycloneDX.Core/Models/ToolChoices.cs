namespace CycloneDX.Models;

/// <summary>Tools, as components: the form since CycloneDX 1.5.</summary>
public class ToolChoices
{
    public List<Component>? Components { get; set; }
}
