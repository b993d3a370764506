namespace CycloneDX.Models;

public class Commit
{
    public string? Uid { get; set; }

    public string? Url { get; set; }

    public IdentifiableAction? Committer { get; set; }
}
