namespace CycloneDX.Models;

public class Metadata
{
    public DateTime? Timestamp { get; set; }

    public ToolChoices? Tools { get; set; }

    public List<OrganizationalContact>? Authors { get; set; }

    public Component? Component { get; set; }

    public OrganizationalEntity? Supplier { get; set; }

    public List<Lifecycles>? Lifecycles { get; set; }
}
