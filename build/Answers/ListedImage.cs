using System.Text.Json;
using System.Text.Json.Serialization;
using OpenStack.Catalog;
using OpenStack.Sources;

namespace OpenStack.Answers;

/// <summary>What is known of the image of a service of a release. Of what is null, <see cref="NotKnown"/> says why; of
/// what it does not name, there is none.</summary>
/// <param name="Kind">What its source is.</param>
/// <param name="Ref">As the release names it; the directory of a local tree.</param>
public sealed record ListedImage(string Service, string Release, ImageKind Kind, string Ref)
{
    /// <summary>What the ref is.</summary>
    public RefKind? RefKind { get; init; }

    /// <summary>Where it leads.</summary>
    public string? Commit { get; init; }

    /// <summary>Of the source; never the ref.</summary>
    public string? Version { get; init; }

    /// <summary>How far the release is in its life: <c>maintained</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Files of patches: those of the service, then those of what is built from source for it.</summary>
    public IReadOnlyList<string> Patches { get; init; } = [];

    /// <summary>Registry and repository that it is published as.</summary>
    public required string Repository { get; init; }

    /// <summary>What a publication from here would call it, the most telling first.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Of the image that is built here.</summary>
    public string? Digest { get; init; }

    /// <summary>Of the image that the registry has for the release.</summary>
    public string? PublishedDigest { get; init; }

    /// <summary>What is not known, by the names above, and why.</summary>
    public required IReadOnlyDictionary<string, string> NotKnown { get; init; }
}

/// <summary>Generated, because reflection costs start-up time.</summary>
[JsonSerializable(typeof(IReadOnlyList<ListedImage>))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(KindConverter), typeof(JsonStringEnumConverter<RefKind>)])]
sealed partial class ListJson : JsonSerializerContext;

/// <summary>As images.yaml has it: <c>python</c>.</summary>
sealed class KindConverter() : JsonStringEnumConverter<ImageKind>(JsonNamingPolicy.CamelCase);
