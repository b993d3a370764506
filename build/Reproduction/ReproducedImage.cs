using System.Text.Json.Nodes;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Reproduction;

/// <summary>What came of building one platform of a published image again.</summary>
/// <param name="Reference">The image, by the digest of the platform's manifest.</param>
/// <param name="Platform">As in <c>linux/amd64</c>.</param>
/// <param name="Published">Digest of the platform's manifest.</param>
/// <param name="Built">Digest of the manifest that was built.</param>
/// <param name="Difference">The first difference; null where there is none.</param>
/// <param name="OtherInputs">What was built from something else, by its name in <c>inputs.json</c>.</param>
public sealed record ReproducedImage(string Reference, string Platform, string Published, string Built,
    ImageDifference? Difference, IReadOnlyList<string> OtherInputs)
{
    /// <summary>Whether it came out the same.</summary>
    public bool IsSame => Published == Built;

    /// <summary>What is wrong; null where it is the same.</summary>
    public Problem? Problem => IsSame ? null : new Problem(
        $"{Reference} ({Platform}) came out as {Built}: {Difference}"
        + (OtherInputs.Count > 0 ? $"; it was built from another {string.Join(", ", OtherInputs)}" : ""),
        Expected: Published, Remedy: OtherInputs.Count > 0
            ? "See whether these inputs explain it" : "All inputs are the same: the build itself is not repeatable");

    /// <param name="reference">The image, by digest.</param>
    /// <param name="published">As the registry has it.</param>
    /// <param name="manifest">The manifest of its platform.</param>
    /// <param name="provenance">What is said of that.</param>
    /// <param name="rebuild">What was built again.</param>
    public static ReproducedImage Of(string reference, OciLayout published, OciDescriptor manifest,
        Provenance provenance, Rebuild rebuild)
    {
        var built = rebuild.Open();
        return new ReproducedImage(reference, manifest.Platform!, manifest.Digest, built.Digest,
            ImageDifference.Between(published, manifest, built, built.Root),
            [.. OtherThan(provenance.Inputs, rebuild.Inputs)]);
    }

    /// <summary>The names of inputs that are not the same.</summary>
    static IEnumerable<string> OtherThan(
        IReadOnlyDictionary<string, string> said, IReadOnlyDictionary<string, string> found) =>
        said.Keys.Union(found.Keys).Order(StringComparer.Ordinal)
            .Where(x => said.GetValueOrDefault(x) != found.GetValueOrDefault(x))
            .Select(x => $"{x} ({found.GetValueOrDefault(x, "none")} instead of {said.GetValueOrDefault(x, "none")})");

    /// <summary>One line per platform.</summary>
    public static TextTable TableOf(IReadOnlyList<ReproducedImage> images) => new(
        ["", "image", "platform", "built again"],
        [.. images.Select(x => (string[])[x.IsSame ? "same" : "OTHER", x.Reference, x.Platform, x.Built])]);

    /// <summary>The same for programs, with a final newline.</summary>
    public static string ToJson(IReadOnlyList<ReproducedImage> images) => ReadableJson.Text(new JsonArray([
        .. images.Select(x => new JsonObject
        {
            ["image"] = x.Reference,
            ["platform"] = x.Platform,
            ["published"] = x.Published,
            ["built"] = x.Built,
            ["reproduced"] = x.IsSame,
            ["difference"] = x.Difference is null ? null : new JsonObject
            {
                ["layer"] = x.Difference.Layer,
                ["path"] = x.Difference.Path,
                ["what"] = x.Difference.What,
            },
            ["otherInputs"] = new JsonArray([.. x.OtherInputs.Select(y => JsonValue.Create(y))]),
        })]));
}
