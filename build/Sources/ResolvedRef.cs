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
}

/// <summary>What a source ref stands for at one moment.</summary>
/// <param name="Remote">Url without credentials.</param>
/// <param name="Ref">As written in source-refs.yaml.</param>
/// <param name="Commit">Full object id, 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.</param>
public sealed record ResolvedRef(string Component, string Remote, string Ref, RefKind Kind, string Commit)
{
    /// <summary>Writes refs.json: an array of refs in the given order.</summary>
    public static void WriteAll(AbsolutePath file, IReadOnlyList<ResolvedRef> refs) =>
        AtomicFile.WriteText(file, JsonSerializer.Serialize([.. refs], SourcesJson.Readable.ResolvedRefArray) + "\n");

    /// <exception cref="ProblemException">The file is not there or not what <see cref="WriteAll"/> writes.</exception>
    public static IReadOnlyList<ResolvedRef> ReadAll(AbsolutePath file) => SourcesJson.Read(file, SourcesJson.Readable.ResolvedRefArray);
}
