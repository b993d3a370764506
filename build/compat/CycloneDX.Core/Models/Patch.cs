namespace CycloneDX.Models;

public class Patch
{
    public enum PatchClassification
    {
        Null,
        Unofficial,
        Monkey,
        Backport,
        Cherry_Pick,
    }

    public PatchClassification Type { get; set; }

    public Diff? Diff { get; set; }

    public List<Issue>? Resolves { get; set; }
}
