using System.Text.Json;

namespace OpenStack.Oci;

/// <summary>What the build reads and writes of an OCI image index: the manifests that it lists.</summary>
static class OciIndex
{
    /// <summary>An index of one manifest.</summary>
    public static byte[] Write(OciDescriptor manifest) => OciJson.Write(x =>
    {
        x.WriteStartObject();
        x.WriteNumber("schemaVersion", 2);
        x.WriteString("mediaType", OciMediaTypes.Index);
        x.WriteStartArray("manifests");
        manifest.Write(x);
        x.WriteEndArray();
        x.WriteEndObject();
    });

    /// <exception cref="JsonException">It is no index.</exception>
    public static IReadOnlyList<OciDescriptor> Read(JsonElement json) =>
        [.. OciJson.Require(json, "manifests", JsonValueKind.Array).EnumerateArray().Select(OciDescriptor.Read)];
}
