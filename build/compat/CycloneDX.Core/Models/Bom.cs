using System.Text.Json.Serialization;
using CycloneDX.Models.Vulnerabilities;

namespace CycloneDX.Models;

/// <summary>A bill of materials. Members are written in the order in which they stand here.</summary>
/// <remarks>
/// The package leaves out what an older version does not know when it writes one; this leaves that to whoever fills it.
/// </remarks>
public class Bom
{
    // An instance member, as in the package: only those are written.
    public string BomFormat { get; } = "CycloneDX";

    [JsonIgnore]
    public SpecificationVersion SpecVersion { get; set; } = SpecificationVersion.v1_7;

    [JsonPropertyName("specVersion")]
    public string SpecVersionString => SpecVersion.ToString()[1..].Replace('_', '.');

    public string? SerialNumber { get; set; }

    public int? Version { get; set; }

    public Metadata? Metadata { get; set; }

    public List<Component>? Components { get; set; }

    public List<Dependency>? Dependencies { get; set; }

    public List<Vulnerability>? Vulnerabilities { get; set; }
}
