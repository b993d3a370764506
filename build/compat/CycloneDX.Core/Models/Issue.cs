namespace CycloneDX.Models;

public class Issue
{
    public enum IssueClassification
    {
        Null,
        Defect,
        Enhancement,
        Security,
    }

    public IssueClassification Type { get; set; }

    public string? Id { get; set; }

    public string? Description { get; set; }

    public Source? Source { get; set; }
}
