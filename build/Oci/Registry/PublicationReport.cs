using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>Tells a person what was published.</summary>
public static class PublicationReport
{
    /// <summary>One row per image, with its bytes in MB.</summary>
    public static TextTable Of(IReadOnlyList<PublicationResult> results) => new(
        ["image", "digest", "tags written", "uploaded", "mounted", "there"],
        [.. results.Select(x => (string[])[x.Image.Name, x.Image.Layout.Digest,
            x.IsUnchanged ? "unchanged" : x.MovedTags.Count == 0 ? "none" : string.Join(' ', x.MovedTags),
            Megabytes(x.Uploaded), Megabytes(x.Mounted), Megabytes(x.Present)])]);

    /// <summary>One line for all of them.</summary>
    /// <param name="results">The images.</param>
    /// <param name="retries">Requests that were repeated.</param>
    public static string Summary(IReadOnlyList<PublicationResult> results, int retries)
    {
        var published = results.Where(x => !x.IsUnchanged).Select(x => x.Image.Name).ToList();
        return (published.Count == 0 ? "nothing, unchanged" : string.Join(", ", published))
            + (retries == 0 ? "" : $"; {retries} requests were repeated");
    }

    static string Megabytes(long bytes) => $"{bytes / 1e6:0.0}";
}
