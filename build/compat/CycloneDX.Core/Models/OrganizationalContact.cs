namespace CycloneDX.Models;

public class OrganizationalContact
{
    public string? Name { get; set; }

    public string? Email { get; set; }
}
