using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Report;

/// <summary>Where reports are, and what they have found before.</summary>
/// <param name="Artifacts">Where targets leave what they make.</param>
sealed partial record ReportDirectory(AbsolutePath Artifacts)
{
    [DescribedFile("Report: `index.html`, all images, and a page of each; they load nothing, and lead to the files "
        + "that their numbers are from")]
    public AbsolutePath Pages => Artifacts / "report";

    [DescribedFile("Report: copies of what its pages lead to, and of all that they were read from, so that the "
        + "directory says the same elsewhere")]
    public AbsolutePath Files => Pages / PageParts.Files.TrimEnd('/');

    [DescribedFile("Report: what the images were whenever it has found other ones, digest, size, packages and inputs, "
        + "for trends and for why an image is another one; the newest 52")]
    public AbsolutePath History => Artifacts / "history";

    /// <summary>Writes the pages; those that were there before, and are of no image that is built, go.</summary>
    /// <returns>The page of all images.</returns>
    public AbsolutePath Write(Overview overview)
    {
        var pages = overview.Built.AsParallel()
            .Select(x => (Name: x.Place.Page, Text: new ImagePage(overview, x).Write()))
            .Append((Name: IndexPage.Name, Text: new IndexPage(overview).Write())).ToList();
        CopyFiles(overview.Files.Root, [.. pages.SelectMany(x => LinkedIn(x.Text)).Concat(overview.Files.Named)]);
        foreach (var (name, text) in pages) AtomicFile.WriteText(Pages / name, text);
        var written = pages.Select(x => x.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(Pages, "*.html"))
            if (!written.Contains(Path.GetFileName(file))) File.Delete(file);
        return Pages / IndexPage.Name;
    }

    /// <summary>Makes the copies the same as the files; what nothing leads to any more goes.</summary>
    void CopyFiles(AbsolutePath root, HashSet<string> names)
    {
        var copies = names.Where(x => !x.StartsWith("../", StringComparison.Ordinal) && File.Exists(root / x))
            .ToDictionary(x => (string)(Files / x), x => new FileInfo(root / x), StringComparer.Ordinal);
        Parallel.ForEach(copies, x =>
        {
            var (copy, file) = (new FileInfo(x.Key), x.Value);
            if (!copy.Exists || copy.Length != file.Length || copy.LastWriteTimeUtc != file.LastWriteTimeUtc)
                AtomicFile.Write(x.Key, aside => File.Copy(file.FullName, aside));
        });
        if (!Directory.Exists(Files)) return;
        foreach (var file in Directory.GetFiles(Files, "*", SearchOption.AllDirectories))
            if (!copies.ContainsKey(file)) File.Delete(file);
    }

    static IEnumerable<string> LinkedIn(string page) =>
        Link().Matches(page).Select(x => Uri.UnescapeDataString(x.Groups["file"].Value));

    [GeneratedRegex("href=\"" + PageParts.Files + "(?<file>[^\"]+)\"")]
    private static partial Regex Link();
}
