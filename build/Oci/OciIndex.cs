using System.Text.Json;

namespace OpenStack.Oci;

/// <summary>What the build reads of an OCI image index: the manifests that it lists.</summary>
static class OciIndex
{
    /// <exception cref="JsonException">It is no index.</exception>
    public static IReadOnlyList<OciDescriptor> Read(JsonElement json) =>
        [.. OciJson.Require(json, "manifests", JsonValueKind.Array).EnumerateArray().Select(OciDescriptor.Read)];
}
