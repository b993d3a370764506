using System.Text.Json;
using System.Text.Json.Serialization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary><c>tags.json</c>: what a publication reads.</summary>
/// <param name="Repository">Registry, namespace and image.</param>
/// <param name="Tags">The tags.</param>
public sealed record PublishedTags(string Repository, ImageTag[] Tags)
{
    /// <summary>Writes the file, as a whole.</summary>
    public void Write(AbsolutePath file) =>
        AtomicFile.WriteText(file, JsonSerializer.Serialize(this, TagsJson.Default.PublishedTags) + "\n");

    /// <summary>Those that a later publication moves to another image.</summary>
    [JsonIgnore]
    public IEnumerable<ImageTag> Moving => Tags.Where(x => x.Mutable);

    /// <exception cref="ProblemException">It is none.</exception>
    public static PublishedTags Read(AbsolutePath file)
    {
        try
        {
            return JsonSerializer.Deserialize(Utf8File.Read(file, file), TagsJson.Default.PublishedTags)
                ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new ProblemException(
                new Problem($"is no list of tags: {e.Message}", file, Remedy: "Run the target Tags"), e);
        }
    }
}

[JsonSerializable(typeof(PublishedTags))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
sealed partial class TagsJson : JsonSerializerContext;
