using System.Text.Json.Serialization;

namespace CycloneDX.Models;

public class Component
{
    public enum Classification
    {
        Null,
        Application,
        Framework,
        Library,
        Operating_System,
        Device,
        File,
        Container,
        Firmware,
        Device_Driver,
        Platform,
        Machine_Learning_Model,
        Data,
        Cryptographic_Asset,
    }

    public Classification Type { get; set; }

    [JsonPropertyName("bom-ref")]
    public string? BomRef { get; set; }

    public OrganizationalEntity? Supplier { get; set; }

    public string? Name { get; set; }

    public string? Version { get; set; }

    public string? Description { get; set; }

    public List<Hash>? Hashes { get; set; }

    public List<LicenseChoice>? Licenses { get; set; }

    public string? Cpe { get; set; }

    public string? Purl { get; set; }

    public Pedigree? Pedigree { get; set; }

    public List<ExternalReference>? ExternalReferences { get; set; }

    public List<Property>? Properties { get; set; }
}
