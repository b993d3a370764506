using System.Text.Json;

namespace OpenStack.Oci;

/// <summary>What the build reads of an OCI image manifest.</summary>
/// <param name="Digest">Of the manifest itself.</param>
/// <param name="Config">The image configuration.</param>
/// <param name="Layers">The layers, lowest first.</param>
/// <param name="Annotations">The manifest's annotations.</param>
public sealed record OciManifest(
    string Digest,
    OciDescriptor Config,
    IReadOnlyList<OciDescriptor> Layers,
    IReadOnlyDictionary<string, string> Annotations)
{
    /// <summary>Of configuration and layers together, in bytes as stored.</summary>
    public long Size => Config.Size + Layers.Sum(x => x.Size);

    /// <exception cref="JsonException">It is no manifest.</exception>
    internal static OciManifest Read(string digest, JsonElement json) => new(
        digest,
        OciDescriptor.Read(OciJson.Require(json, "config", JsonValueKind.Object), OciMediaTypes.Config),
        [.. OciJson.Require(json, "layers", JsonValueKind.Array).EnumerateArray()
            .Select(x => OciDescriptor.Read(x, OciMediaTypes.Layer))],
        OciJson.Map(json, "annotations"));
}
