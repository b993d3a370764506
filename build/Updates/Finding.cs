using System.Text.Json.Serialization;

namespace OpenStack.Updates;

/// <summary>What may be behind.</summary>
public enum Subject
{
    /// <summary>Releases that are no longer maintained.</summary>
    [JsonStringEnumMemberName("series")] Series,

    /// <summary>Source refs of services and libraries.</summary>
    [JsonStringEnumMemberName("refs")] Refs,

    /// <summary>The upper constraints of openstack/requirements.</summary>
    [JsonStringEnumMemberName("constraints")] Constraints,

    /// <summary>Overrides and build constraints.</summary>
    [JsonStringEnumMemberName("python")] Python,

    /// <summary>Images that Dockerfiles begin with.</summary>
    [JsonStringEnumMemberName("images")] Images,

    /// <summary>Actions of workflows.</summary>
    [JsonStringEnumMemberName("actions")] Actions,
}

/// <summary>How something that is pinned compares with upstream.</summary>
public enum FindingState
{
    [JsonStringEnumMemberName("current")] Current,

    /// <summary>There is a newer one that belongs here.</summary>
    [JsonStringEnumMemberName("outdated")] Outdated,

    /// <summary>It is newer than anything that belongs to this release.</summary>
    [JsonStringEnumMemberName("ahead")] Ahead,

    /// <summary>It is no longer needed: upstream says the same, or more.</summary>
    [JsonStringEnumMemberName("obsolete")] Obsolete,

    /// <summary>The tag is not at the commit that is recorded for it.</summary>
    [JsonStringEnumMemberName("moved")] Moved,

    /// <summary>A branch, or a tag that moves: never outdated, and never the same for long.</summary>
    [JsonStringEnumMemberName("floating")] Floating,

    /// <summary>A bound keeps the newest out on purpose.</summary>
    [JsonStringEnumMemberName("held")] Held,

    [JsonStringEnumMemberName("unmaintained")] Unmaintained,
    [JsonStringEnumMemberName("end-of-life")] EndOfLife,

    /// <summary>It is not here, and could be: there is a newer series.</summary>
    [JsonStringEnumMemberName("available")] Available,

    /// <summary>Nobody could be asked, or nobody knows.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
}

/// <summary>One thing that is pinned, compared with upstream.</summary>
/// <param name="Release">Null for what is the same in all releases.</param>
/// <param name="Name">Component, distribution, image or action.</param>
/// <param name="Current">What is pinned, as it is written.</param>
/// <param name="Newest">What it could be; null where it is that, or nobody knows.</param>
/// <param name="Detail">Why; empty where there is nothing to say.</param>
/// <param name="File">Where it is pinned.</param>
/// <param name="Line">From 1; 0 where there is none.</param>
public sealed record Finding(
    Subject Subject,
    string? Release,
    string Name,
    string Current,
    FindingState State,
    string? Newest = null,
    string Detail = "",
    string? File = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] int Line = 0)
{
    /// <summary>All versions to which it could be updated, lowest first.</summary>
    public IReadOnlyList<string> Newer { get; init; } = [];

    /// <summary>The commit or digest of <see cref="Newest"/>.</summary>
    public string? Id { get; init; }
}
