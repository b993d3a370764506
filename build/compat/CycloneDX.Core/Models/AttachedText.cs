namespace CycloneDX.Models;

public class AttachedText
{
    public string? ContentType { get; set; } = "text/plain";

    /// <summary><c>base64</c>, or null for plain text.</summary>
    public string? Encoding { get; set; }

    public string? Content { get; set; }
}
