using System.Text.Json.Serialization;

namespace OpenStack.Holdings;

/// <summary>Whether an image has what is asked for.</summary>
public enum HoldingState
{
    [JsonStringEnumMemberName("has")] Has,

    [JsonStringEnumMemberName("lacks")] Lacks,

    /// <summary>Nobody can tell: that is not the same as not having it.</summary>
    [JsonStringEnumMemberName("not known")] Unknown,
}

/// <summary>An answer: one component of one platform of an image, or an image of which nothing is known.</summary>
/// <param name="Image">Where it is published, or the directory that it lies in.</param>
/// <param name="Tags">That lead to it.</param>
/// <param name="Digest">Of the platform's manifest.</param>
/// <param name="Component">Its name; empty where nothing is known of the image.</param>
/// <param name="Because">How it came there, or what tells the state.</param>
public sealed record Holding(string Image, IReadOnlyList<string> Tags, string Platform, string Digest, string Component,
    string Version, HoldingState State, string Because);

/// <summary>Whether the history of what a component is built from has a change.</summary>
/// <param name="IsIn">Null where nobody can tell.</param>
/// <param name="Because">What tells it, or why nobody can.</param>
/// <param name="IsStranger">Whether the repository knows nothing of the change.</param>
public sealed record InHistory(bool? IsIn, string Because, bool IsStranger = false);
