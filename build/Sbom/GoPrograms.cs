using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>A program that Go has built.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Info">How it was built.</param>
sealed record GoProgram(string Path, ImageFile File, GoBuildInfo Info);

/// <summary>Finds the programs of an image that Go has built.</summary>
static class GoPrograms
{
    static readonly string[] s_directories = ["bin", "sbin", "libexec"];

    /// <summary>What is to look into a file: programs have no extension, or are where programs are.</summary>
    public static IContentSearch? SearchIn(string path)
    {
        var parts = path.Split('/');
        return !parts[^1].Contains('.') || parts.SkipLast(1).Any(s_directories.Contains) ? new GoSearch() : null;
    }

    /// <summary>Each file once, whatever leads to it.</summary>
    /// <param name="files">All files of the image.</param>
    public static IReadOnlyList<GoProgram> In(IEnumerable<(string Path, ImageFile File)> files) =>
        [.. files.Where(x => x.File.Search is GoSearch { Found: not null })
            .DistinctBy(x => x.File, ReferenceEqualityComparer.Instance)
            .Select(x => new GoProgram(x.Path, x.File, ((GoSearch)x.File.Search!).Found!))];
}
