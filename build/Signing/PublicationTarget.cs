using System.Text.Json;
using System.Text.Json.Nodes;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>
/// Where an image is published: part of its provenance, so that a tag that somebody moved is told from the registry
/// alone.
/// </summary>
/// <param name="Repository">Registry, namespace and name.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="Moving">Those of them that a later build may move.</param>
public sealed record PublicationTarget(string Repository, IReadOnlyList<string> Tags, IReadOnlyList<string> Moving)
{
    internal JsonObject ToJson() => new()
    {
        ["repository"] = Repository,
        ["tags"] = new JsonArray([.. Tags.Select(x => JsonValue.Create(x))]),
        ["moving"] = new JsonArray([.. Moving.Select(x => JsonValue.Create(x))]),
    };

    /// <exception cref="JsonException">It is none.</exception>
    internal static PublicationTarget Read(JsonElement json) => new(
        OciJson.Require(json, "repository", JsonValueKind.String).GetString()!, Texts(json, "tags"),
        Texts(json, "moving"));

    static List<string> Texts(JsonElement json, string name) =>
        [.. OciJson.Require(json, name, JsonValueKind.Array).EnumerateArray()
            .Select(x => x.ValueKind == JsonValueKind.String ? x.GetString()!
                : throw new JsonException($"{name} holds something that is no text"))];
}
