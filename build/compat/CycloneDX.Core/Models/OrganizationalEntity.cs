namespace CycloneDX.Models;

public class OrganizationalEntity
{
    public string? Name { get; set; }

    public List<string>? Url { get; set; }

    public List<OrganizationalContact>? Contact { get; set; }
}
