namespace CycloneDX.Models.Vulnerabilities;

public class Affects
{
    public string? Ref { get; set; }
}
