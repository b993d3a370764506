using System.Text.Json.Serialization;

namespace CycloneDX.Models;

/// <summary>What a component depends on directly; the list is written as references alone.</summary>
[JsonConverter(typeof(Json.DependencyConverter))]
public class Dependency
{
    public string? Ref { get; set; }

    public List<Dependency>? Dependencies { get; set; }
}
