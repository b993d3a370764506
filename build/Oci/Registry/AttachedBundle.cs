using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Oci;

/// <summary>A Sigstore bundle that is published with an image.</summary>
/// <param name="Subject">The manifest or index that it is about.</param>
/// <param name="PredicateType">What it says of it: type of the in-toto predicate.</param>
/// <param name="File">The bundle.</param>
public sealed record AttachedBundle(OciDescriptor Subject, string PredicateType, AbsolutePath File)
{
    /// <summary>Predicate of a signature (what cosign's <c>sign</c> writes).</summary>
    public const string Signature = "https://sigstore.dev/cosign/sign/v1";

    /// <summary>
    /// Reads a list of bundles: <c>[{"subject":{"mediaType","digest","size"},"predicateType","file"}]</c>, files
    /// relative to it.
    /// </summary>
    /// <exception cref="ProblemException">It is none, or a bundle is not there.</exception>
    public static IReadOnlyList<AttachedBundle> ReadAll(AbsolutePath list)
    {
        try
        {
            using var json = JsonDocument.Parse(Utf8File.Read(list, list));
            if (json.RootElement.ValueKind != JsonValueKind.Array) throw new JsonException("it is no list");
            return [.. json.RootElement.EnumerateArray().Select(x => Read(x, list.Parent!))];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ProblemException(
                new Problem($"is no list of bundles: {e.Message}", list, Remedy: "Run the target Sign"), e);
        }
    }

    /// <summary>Writes such a list beside the bundles.</summary>
    public static void WriteAll(AbsolutePath list, IEnumerable<AttachedBundle> bundles) =>
        AtomicFile.WriteText(list, System.Text.Encoding.UTF8.GetString(OciJson.Write(x =>
        {
            x.WriteStartArray();
            foreach (var bundle in bundles)
            {
                x.WriteStartObject();
                x.WritePropertyName("subject");
                bundle.Subject.Write(x);
                x.WriteString("predicateType", bundle.PredicateType);
                x.WriteString("file", list.Parent!.GetRelativePathTo(bundle.File).ToString());
                x.WriteEndObject();
            }

            x.WriteEndArray();
        })) + "\n");

    static AttachedBundle Read(JsonElement json, AbsolutePath directory)
    {
        var file = OciJson.Require(json, "file", JsonValueKind.String).GetString()!;
        AbsolutePath path = Path.GetFullPath(file, directory);
        if (file.Contains('\0') || !directory.Contains(path)) throw new JsonException($"'{file}' is not beside it");
        if (!System.IO.File.Exists(path)) throw new JsonException($"{file} is not there");
        return new AttachedBundle(OciDescriptor.Read(OciJson.Require(json, "subject", JsonValueKind.Object)),
            OciJson.Require(json, "predicateType", JsonValueKind.String).GetString()!, path);
    }
}
