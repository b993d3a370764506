using System.Text.Json;

namespace OpenStack.Oci;

/// <summary>What the build reads of an OCI image manifest.</summary>
/// <param name="Digest">Of the manifest itself.</param>
/// <param name="Config">Digest of the image configuration.</param>
/// <param name="Layers">Digests of the layers, lowest first.</param>
/// <param name="Size">Of configuration and layers together, in bytes as stored.</param>
/// <param name="Annotations">The manifest's annotations.</param>
public sealed record OciManifest(
    string Digest,
    string Config,
    IReadOnlyList<string> Layers,
    long Size,
    IReadOnlyDictionary<string, string> Annotations)
{
    internal static OciManifest Read(string digest, JsonElement json)
    {
        var layers = json.GetProperty("layers").EnumerateArray().ToList();
        var config = json.GetProperty("config");
        return new OciManifest(
            digest,
            config.GetProperty("digest").GetString()!,
            [.. layers.Select(x => x.GetProperty("digest").GetString()!)],
            layers.Append(config).Sum(x => x.GetProperty("size").GetInt64()),
            ReadMap(json, "annotations"));
    }

    internal static IReadOnlyDictionary<string, string> ReadMap(JsonElement json, string name) =>
        json.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject().ToDictionary(x => x.Name, x => x.Value.GetString() ?? "", StringComparer.Ordinal)
            : new Dictionary<string, string>();
}
