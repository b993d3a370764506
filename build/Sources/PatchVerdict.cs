using System.Text.Json.Serialization;

namespace OpenStack.Sources;

/// <summary>What becomes of a patch on the source that it is meant for.</summary>
public enum PatchState
{
    [JsonStringEnumMemberName("applies")] Applies,

    /// <summary>It applies, but some hunks at other lines than the patch says.</summary>
    [JsonStringEnumMemberName("offset")] Offset,

    /// <summary>The source has the change already.</summary>
    [JsonStringEnumMemberName("upstream")] Upstream,

    /// <summary>The source has a part of the change already, and the patch does not apply.</summary>
    [JsonStringEnumMemberName("partly-upstream")] PartlyUpstream,

    /// <summary>The source has other lines than the patch expects.</summary>
    [JsonStringEnumMemberName("conflict")] Conflict,

    /// <summary>No source would do: the patch is broken, or may not do what it does.</summary>
    [JsonStringEnumMemberName("invalid")] Invalid,
}

/// <summary>What becomes of one patch, a file or one of the mails in it, and why.</summary>
/// <param name="Name">File name.</param>
/// <param name="Digest">Of the file, as <c>sha256:…</c>.</param>
public sealed record PatchVerdict(string Name, string Digest, PatchState State, PatchHeader Header)
{
    /// <summary>Number of the mail in the file, from 1; null where it is the only one.</summary>
    public int? Mail { get; init; }

    /// <summary>The name, with the number of the mail where there are several.</summary>
    [JsonIgnore]
    public string Title => AppliedPatch.TitleOf(Name, Mail);

    /// <summary>Hunks that are at other lines than the patch says.</summary>
    public IReadOnlyList<HunkOffset> Offsets { get; init; } = [];

    /// <summary>Where patch and source part.</summary>
    public IReadOnlyList<PatchConflict> Conflicts { get; init; } = [];

    /// <summary>Of a patch that is partly upstream, the parts that the source has.</summary>
    public IReadOnlyList<string> There { get; init; } = [];

    /// <summary>
    /// The commit that makes this change, or of a patch that conflicts, another version of it; null where none was
    /// found.
    /// </summary>
    public UpstreamCommit? Upstream { get; init; }

    /// <summary>
    /// Patches before this one that are not applied and touch its files: the conflict may be due to that.
    /// </summary>
    public IReadOnlyList<string> AfterFailed { get; init; } = [];

    /// <summary>Of an invalid patch, what is wrong with it.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>
    /// Line of the patch, from 1, that <see cref="Reasons"/> or <see cref="Conflicts"/> begin with; 0 where there is
    /// none.
    /// </summary>
    public int Line { get; init; }

    /// <summary>Whether the tree is without this patch.</summary>
    [JsonIgnore]
    public bool IsLeftOut => State >= PatchState.Upstream;
}

/// <summary>What becomes of the patches of one component for one release.</summary>
/// <param name="Patches">In the order of application.</param>
public sealed record SeriesVerdict(string Component, string Release, ResolvedRef Source,
    IReadOnlyList<PatchVerdict> Patches)
{
    /// <summary>A patch as messages name it.</summary>
    public string LabelOf(PatchVerdict patch) => new PatchSeries(Component, Release, []).Label(patch.Name);
}
