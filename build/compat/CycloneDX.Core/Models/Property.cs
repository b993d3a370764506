namespace CycloneDX.Models;

public class Property
{
    public string? Name { get; set; }

    public string? Value { get; set; }
}
