using OpenStack.Catalog;
using OpenStack.Sources;

namespace OpenStack.Sbom;

/// <summary>A component that was built from a sealed tree.</summary>
/// <param name="Tree">The tree, with what is known of its patches.</param>
/// <param name="IsService">Whether it is what the image is for; else it is a library.</param>
/// <param name="PatchTexts">
/// Texts of its patches by file name, as far as the files are still those that were applied.
/// </param>
sealed record BuiltSource(SealedTree Tree, bool IsService, IReadOnlyDictionary<string, byte[]> PatchTexts)
{
    /// <summary>What it is.</summary>
    public ImageKind Kind { get; init; }

    public ResolvedRef Ref => Tree.Source.Source;

    /// <summary>The purl of a version of it.</summary>
    /// <param name="isThat">Whether it is what is at its commit.</param>
    public string PurlOf(string version, bool isThat) => Kind == ImageKind.Python
        ? Purl.OfPython(Tree.Source.Distribution, version, isThat ? Vcs : null)
        : Purl.OfRepository(Tree.Source.Distribution, version, Ref.Remote, isThat ? Vcs : null);

    /// <summary>The text of one of its patches; null where the file is not what was applied.</summary>
    public byte[]? TextOf(AppliedPatch patch) =>
        PatchTexts.TryGetValue(patch.Name, out var file) ? patch.TextIn(file) : null;

    /// <summary>Where it came from, for a purl; null of a tree that nobody else can get.</summary>
    public string? Vcs => Ref.Kind == RefKind.Local ? null : $"git+{Ref.Remote}@{Ref.Commit}";
}
