using System.Text.Json;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// The index that lists the referrers of a manifest under a tag, for registries that keep no such list themselves (OCI
/// distribution specification 1.1, "Referrers Tag Schema").
/// </summary>
static class ReferrersIndex
{
    /// <summary><c>sha256-…</c>.</summary>
    public static string TagOf(string digest) => digest.Replace(':', '-');

    /// <summary>The entries as they are, members that this project does not know included.</summary>
    /// <param name="content">The index.</param>
    /// <param name="shownAs">Its name in messages.</param>
    /// <exception cref="ProblemException">It is no index.</exception>
    public static IReadOnlyList<JsonElement> Read(ReadOnlyMemory<byte> content, string shownAs)
    {
        try
        {
            return OciJson.Parse(content, json =>
            {
                var entries = OciJson.Require(json, "manifests", JsonValueKind.Array).EnumerateArray()
                    .Select(x => x.Clone()).ToList();
                foreach (var entry in entries) _ = OciDescriptor.Read(entry);
                return entries;
            });
        }
        catch (JsonException e)
        {
            throw new ProblemException(
                new Problem($"{shownAs} is no index of referrers: {e.Message}",
                Remedy: "Remove this tag; it is kept for such an index by the OCI distribution specification"),
                e)
            { IsUnknown = true };
        }
    }

    /// <summary>
    /// What is there and what is added. In the order of digests: whoever writes the same entries writes the same bytes.
    /// </summary>
    public static byte[] Merge(IEnumerable<JsonElement> existing, IEnumerable<JsonElement> added) => OciJson.Write(x =>
    {
        x.WriteStartObject();
        x.WriteNumber("schemaVersion", 2);
        x.WriteString("mediaType", OciMediaTypes.Index);
        x.WriteStartArray("manifests");
        foreach (var entry in added.Concat(existing).DistinctBy(DigestOf).OrderBy(DigestOf, StringComparer.Ordinal))
            entry.WriteTo(x);
        x.WriteEndArray();
        x.WriteEndObject();
    });

    public static bool Lists(IEnumerable<JsonElement> entries, IEnumerable<string> digests) =>
        digests.All(entries.Select(DigestOf).ToHashSet().Contains);

    static string DigestOf(JsonElement entry) => OciJson.Text(entry, "digest") ?? "";
}
