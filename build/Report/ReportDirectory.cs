using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Report;

/// <summary>Where reports are, and what they have found before.</summary>
/// <param name="Artifacts">Where targets leave what they make.</param>
sealed record ReportDirectory(AbsolutePath Artifacts)
{
    [DescribedFile("Report: `index.html`, all images, and a page of each; they load nothing, and lead to the files "
        + "that their numbers are from")]
    public AbsolutePath Pages => Artifacts / "report";

    [DescribedFile("Report: what the images were whenever it has found other ones, digest, size, packages and inputs, "
        + "for trends and for why an image is another one; the newest 52")]
    public AbsolutePath History => Artifacts / "history";

    /// <summary>Writes the pages; those that were there before, and are of no image that is built, go.</summary>
    /// <returns>The page of all images.</returns>
    public AbsolutePath Write(Overview overview)
    {
        Parallel.ForEach(overview.Built, image =>
            AtomicFile.WriteText(Pages / image.Place.Page, new ImagePage(overview, image).Write()));
        var index = Pages / IndexPage.Name;
        AtomicFile.WriteText(index, new IndexPage(overview).Write());
        var written = overview.Built.Select(x => x.Place.Page).Append(index.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(Pages, "*.html"))
            if (!written.Contains(Path.GetFileName(file))) File.Delete(file);
        return index;
    }
}
