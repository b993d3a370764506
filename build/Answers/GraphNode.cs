using System.Text.Json.Serialization;

namespace OpenStack.Answers;

/// <summary>Something that images are made of, or an image itself.</summary>
/// <param name="Id">What it is known by, in this graph and in those of other selections.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Label">For people.</param>
/// <param name="MadeOf">The ids of what it is made of.</param>
public sealed record GraphNode(string Id, GraphKind Kind, string Label, IReadOnlyList<string> MadeOf);

/// <summary>What a part of the graph is.</summary>
public enum GraphKind
{
    /// <summary>An image that is not ours.</summary>
    [JsonStringEnumMemberName("external image")] ExternalImage,

    /// <summary><c>python-base</c> or <c>venv-builder</c>.</summary>
    [JsonStringEnumMemberName("base image")] BaseImage,

    /// <summary>The image of a service.</summary>
    [JsonStringEnumMemberName("image")] Image,

    /// <summary>All Python distributions that an image installs.</summary>
    [JsonStringEnumMemberName("closure")] Closure,

    /// <summary>The wheel of a library, for all Python images of its release.</summary>
    [JsonStringEnumMemberName("library")] Library,

    /// <summary>The wheel, or the tree, that one image alone has besides.</summary>
    [JsonStringEnumMemberName("plugin")] Plugin,

    /// <summary>A tree of somebody's repository, with its patches.</summary>
    [JsonStringEnumMemberName("source")] Source,

    [JsonStringEnumMemberName("patch")] Patch,

    /// <summary>The pins of a release.</summary>
    [JsonStringEnumMemberName("constraints")] Constraints,
}
