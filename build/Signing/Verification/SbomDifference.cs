using System.Text.Json;
using System.Text.RegularExpressions;
using OpenStack.Oci;

namespace OpenStack.Signing;

/// <summary>
/// How two CycloneDX documents differ in what they say is in an image: components, their versions and hashes, and
/// dependencies. What only the build knows does not count: pedigree, and where the source is from.
/// </summary>
static partial class SbomDifference
{
    /// <param name="attested">The document that is attached to the image.</param>
    /// <param name="found">One that was made of the image itself.</param>
    /// <returns>One line for each difference, in the order of the components; none where both say the same.</returns>
    public static IReadOnlyList<string> Of(JsonElement attested, JsonElement found)
    {
        try
        {
            return
            [
                .. Compare(Components(attested), Components(found), "lists"),
                .. Compare(Dependencies(attested), Dependencies(found), "has dependencies of"),
            ];
        }
        catch (InvalidOperationException e)
        {
            // Text that is no Unicode is found out only when it is read.
            throw new JsonException(e.Message, e);
        }
    }

    static IEnumerable<string> Compare(SortedDictionary<string, string> attested,
        SortedDictionary<string, string> found, string verb) =>
        attested.Keys.Union(found.Keys)
            .Order(StringComparer.Ordinal)
            .Where(x => attested.GetValueOrDefault(x) != found.GetValueOrDefault(x))
            .Select(x =>
                !found.TryGetValue(x, out var inImage) ? $"it {verb} {x}, which the image has not"
                : !attested.TryGetValue(x, out var inDocument) ? $"the image {verb} {x}, which it has not"
                : $"it {verb} {x} as {inDocument}, and in the image it is {inImage}");

    static SortedDictionary<string, string> Components(JsonElement document) =>
        Read(document, "components", "bom-ref", component => string.Join(' ', (IEnumerable<string?>)
        [
            OciJson.Text(component, "name"), OciJson.Text(component, "version"),
            .. Items(component, "hashes")
                .Select(x => $"{OciJson.Text(x, "alg")}:{OciJson.Text(x, "content")}")
                .Order(StringComparer.Ordinal),
        ]));

    static SortedDictionary<string, string> Dependencies(JsonElement document) =>
        Read(document, "dependencies", "ref", dependency =>
        {
            var on = Items(dependency, "dependsOn").Select(x => Normalize(x.ToString(), document));
            return $"[{string.Join(' ', on.Order(StringComparer.Ordinal))}]";
        });

    static SortedDictionary<string, string> Read(JsonElement document, string list, string key,
        Func<JsonElement, string> value)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in Items(document, list))
        {
            // Others need not give their components a name to refer to.
            var name = Normalize(
                OciJson.Text(item, key)
                    ?? OciJson.Text(item, "purl")
                    ?? $"{OciJson.Text(item, "type")} {OciJson.Text(item, "name")} {OciJson.Text(item, "version")}",
                document);
            // The same twice is something else than the same once.
            values[name] = values.TryGetValue(name, out var before) ? $"{before} {value(item)}" : value(item);
        }

        return values;
    }

    static List<JsonElement> Items(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty(name, out var items)
            && items.ValueKind == JsonValueKind.Array
            ? [.. items.EnumerateArray()]
            : [];

    /// <summary>Without where the source is from; the image itself is called by that wherever it is kept.</summary>
    static string Normalize(string reference, JsonElement document)
    {
        var image = document.TryGetProperty("metadata", out var metadata)
            && metadata.ValueKind == JsonValueKind.Object
            && metadata.TryGetProperty("component", out var component)
            ? OciJson.Text(component, "bom-ref") : null;
        return reference == image ? "the image" : Source()
            .Replace(reference, x => x.Groups["next"].Value == "&" ? x.Groups["start"].Value : x.Groups["next"].Value);
    }

    [GeneratedRegex(@"(?<start>[?&])vcs_url=[^&#]*(?<next>&|(?=#)|\z)")]
    private static partial Regex Source();
}
