namespace CycloneDX.Models;

public class IdentifiableAction
{
    public DateTime? Timestamp { get; set; }
}
