using OpenStack.Constraints;

namespace OpenStack.Indexes;

/// <summary>A version of a distribution that a package index has.</summary>
/// <param name="Files">All of them, yanked ones too.</param>
public sealed record IndexedVersion(PythonVersion Version, IReadOnlyList<ProjectFile> Files)
{
    /// <summary>All of a project, lowest first. What is no version of PEP 440 no installer takes.</summary>
    public static IReadOnlyList<IndexedVersion> AllOf(IndexedProject project) =>
    [
        .. project.Files.GroupBy(x => x.VersionOf(project.Name)).Where(x => x.Key is not null)
            .Select(x => new IndexedVersion(x.Key!, [.. x])).OrderBy(x => x.Version),
    ];

    /// <summary>Whether nobody is to install it any more (PEP 592).</summary>
    public bool IsYanked => Files.Count > 0 && Files.All(x => x.IsYanked);

    /// <summary>Since when the index has it: the time of its first file. Null where the index does not say.</summary>
    public DateTimeOffset? Since => Files.Select(x => x.Uploaded).Where(x => x is not null).Min();

    /// <summary>Whether images can have it, and where not, why.</summary>
    internal (Answer Answer, string Why) FitFor(ImagePython python)
    {
        var fits = Files.Where(x => !x.IsYanked).Select(x => x.FitFor(python)).ToList();
        if (fits.Count == 0) return (Answer.No, Files.Count == 0 ? "it has no files" : "it is yanked");
        return fits.MaxBy(x => x.Answer);
    }
}
