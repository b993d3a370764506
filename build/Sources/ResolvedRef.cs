using System.Text.Json;
using System.Text.Json.Serialization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

public enum RefKind
{
    [JsonStringEnumMemberName("branch")] Branch,
    [JsonStringEnumMemberName("tag")] Tag,
    [JsonStringEnumMemberName("commit")] Commit,

    /// <summary>
    /// A ref that is neither a branch nor a tag: a change under review (<c>refs/changes/34/901234/2</c>), the head of a
    /// pull request (<c>refs/pull/7/head</c>).
    /// </summary>
    [JsonStringEnumMemberName("change")] Change,

    /// <summary>A work tree on somebody's machine: nobody else can get it.</summary>
    [JsonStringEnumMemberName("local")] Local,
}

/// <summary>What a source ref stands for at one moment.</summary>
/// <param name="Remote">Url without credentials; of a local tree, that of the repository it stands in for.</param>
/// <param name="Ref">
/// As written in source-refs.yaml, or what takes the place of that where it is gone; <c>HEAD</c> of a local tree.
/// </param>
/// <param name="Commit">
/// Full object id, 40 (SHA-1) or 64 (SHA-256) hexadecimal digits. Of a local tree the commit it is based on, or 64
/// digits of its content where it has none.
/// </param>
/// <param name="Local">The state of a local tree, else null.</param>
public sealed record ResolvedRef(string Component, string Remote, string Ref, RefKind Kind, string Commit,
    LocalState? Local = null)
{
    /// <summary>The commit, as an image calls it; that of a local tree is marked as one.</summary>
    [JsonIgnore]
    public string Revision => Local is null ? Commit : $"{Commit}-{(Local.IsDirty ? "dirty" : "local")}";

    /// <summary>The branch that it is, by its short name; null of everything else.</summary>
    [JsonIgnore]
    public string? Branch => Kind == RefKind.Branch ? Ref.Replace("refs/heads/", "", StringComparison.Ordinal) : null;

    /// <summary>The full name of the ref that leads to the commit, where no branch or tag does; else null.</summary>
    [JsonIgnore]
    public string? Change => Kind == RefKind.Change ? Ref : null;

    /// <summary>Writes refs.json: an array of refs in the given order.</summary>
    public static void WriteAll(AbsolutePath file, IReadOnlyList<ResolvedRef> refs) =>
        AtomicFile.WriteText(file, JsonSerializer.Serialize([.. refs], SourcesJson.Readable.ResolvedRefArray) + "\n");

    /// <exception cref="ProblemException">The file is not there or not what <see cref="WriteAll"/> writes.</exception>
    public static IReadOnlyList<ResolvedRef> ReadAll(AbsolutePath file) =>
        SourcesJson.Read(file, SourcesJson.Readable.ResolvedRefArray);
}

/// <summary>What a local tree is, without where it is.</summary>
/// <param name="Content">Digest of its files.</param>
/// <param name="IsDirty">Whether they are others than those of the commit.</param>
public sealed record LocalState(string Content, bool IsDirty);
