using System.Text.Json.Serialization;

namespace OpenStack.Sources;

/// <summary>A commit of the source that makes the change of a patch, or another version of it.</summary>
/// <param name="Commit">Full id.</param>
/// <param name="FoundBy">What the two have in common.</param>
public sealed record UpstreamCommit(string Commit, string Subject, DateTimeOffset CommittedAt, UpstreamEvidence FoundBy)
{
    public override string ToString() => $"{Commit[..10]} '{Subject}' of {CommittedAt:yyyy-MM-dd}";
}

/// <summary>What tells that a commit and a patch are one change; the strongest first.</summary>
public enum UpstreamEvidence
{
    /// <summary>The same lines are changed in the same way: <c>git patch-id</c>.</summary>
    [JsonStringEnumMemberName("patch-id")] PatchId,

    /// <summary>The same Gerrit Change-Id.</summary>
    [JsonStringEnumMemberName("change-id")] ChangeId,

    /// <summary>The same subject, and a file of the patch is changed.</summary>
    [JsonStringEnumMemberName("subject")] Subject,
}
