namespace CycloneDX.Models;

public class Diff
{
    public AttachedText? Text { get; set; }
}
