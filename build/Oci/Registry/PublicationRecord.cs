using System.Text.Json;
using System.Text.Json.Serialization;
using Nuke.Common.IO;
using OpenStack.Storage;

namespace OpenStack.Oci;

/// <summary><c>published.json</c>: what was published last, as far as a registry can be asked for it.</summary>
/// <param name="Repository">Registry and repository.</param>
/// <param name="Manifests">Digests of the image's manifests.</param>
/// <param name="Referrers">Digests of the manifests that refer to them.</param>
/// <param name="ReferrersIndexes">
/// Digests of the indexes under fallback tags, by these tags; empty where the registry lists referrers itself.
/// </param>
/// <param name="Tags">Names of the tags.</param>
sealed record PublicationRecord(string Repository, string[] Manifests, string[] Referrers,
    SortedDictionary<string, string> ReferrersIndexes, string[] Tags)
{
    /// <summary>The record, or null where there is none that can be read.</summary>
    public static PublicationRecord? Read(AbsolutePath file)
    {
        try
        {
            return File.Exists(file)
                ? JsonSerializer.Deserialize(File.ReadAllBytes(file), PublicationJson.Default.PublicationRecord)
                : null;
        }
        catch (JsonException)
        {
            // It only saves time.
            return null;
        }
    }

    public void Write(AbsolutePath file) =>
        AtomicFile.WriteText(file, JsonSerializer.Serialize(this, PublicationJson.Default.PublicationRecord) + "\n");

    public static PublicationRecord Of(string registry, PublishedImage image, PublishedContent content,
        IReadOnlyDictionary<string, string> indexes) =>
        new(
            $"{registry}/{image.Repository}",
            [.. content.Manifests.Select(x => x.Descriptor.Digest)],
            [.. content.Referrers.Select(x => x.Descriptor.Digest)],
            new SortedDictionary<string, string>(indexes.ToDictionary(), StringComparer.Ordinal),
            [.. image.Tags.Select(x => x.Name)]);

    /// <summary>
    /// Whether it tells of the same publication; where the index of referrers stands since then, nobody else can know.
    /// </summary>
    public bool IsOf(PublicationRecord wanted) =>
        Repository == wanted.Repository
        && Manifests.SequenceEqual(wanted.Manifests)
        && Referrers.SequenceEqual(wanted.Referrers)
        && Tags.SequenceEqual(wanted.Tags);
}

[JsonSerializable(typeof(PublicationRecord))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
sealed partial class PublicationJson : JsonSerializerContext;
