namespace OpenStack.Images;

/// <summary>The state of this repository that images are built from.</summary>
/// <param name="Branch">Name of its branch.</param>
/// <param name="Commit">Full id of its commit.</param>
/// <param name="IsDirty">
/// Whether images are made of something that the commit does not have: changed files, refs or trees of the command
/// line.
/// </param>
public sealed record BuildRevision(string Branch, string Commit, bool IsDirty)
{
    /// <summary>The branch whose images the tags that move are moved to.</summary>
    public const string Main = "main";

    public bool IsMain => Branch == Main && !IsDirty;

    /// <summary>Seven digits, as the tag schema has them.</summary>
    public string ShortCommit => Commit[..7];

    /// <summary>The commit, marked where images are not of it alone.</summary>
    public string Revision => Commit + (IsDirty ? "-modified" : "");

    /// <summary>The commit, and which tags its images move.</summary>
    public override string ToString() => $"{ShortCommit} of {Branch}"
        + (IsDirty ? ", with changes that it does not have: no tag but its own moves"
            : IsMain ? "" : $": no tag moves, as only those of {Main} do");
}
