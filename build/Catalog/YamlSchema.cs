using System.Text.Json.Nodes;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary>
/// The JSON schema of a YAML file: <c>docs/schemas/</c> has one of each kind, and each file names its own in a comment
/// that editors know (yaml-language-server).
/// </summary>
public static class YamlSchema
{
    /// <summary>Where they are, relative to the repository.</summary>
    public const string Directory = "docs/schemas";

    /// <summary>
    /// The name of the schema: of <c>releases/&lt;release&gt;/series.yaml</c> it is <c>series.json</c>.
    /// </summary>
    /// <param name="place">
    /// Such a file in the repository, or where they are, as <see cref="DescribedFileAttribute"/> says.
    /// </param>
    public static string NameOf(string place) =>
        $"{place[(place.LastIndexOf('/') + 1)..].Replace(".yaml", "", StringComparison.Ordinal)}.json";

    /// <summary>The line by which a file names its schema, with what ends it.</summary>
    /// <param name="place">As of <see cref="NameOf"/>.</param>
    public static string LineOf(string place) => "# yaml-language-server: $schema="
        + string.Concat(place.Where(x => x == '/').Select(_ => "../")) + $"{Directory}/{NameOf(place)}\n";

    /// <summary>The text of a schema (draft 7, which all editors know).</summary>
    /// <param name="description">What the file is, without a final dot.</param>
    public static string TextOf(string place, string description, JsonObject schema)
    {
        var document = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["$comment"] = "Written by ./build.sh --generate-docs",
            ["title"] = place,
            ["description"] = description,
        };
        foreach (var (key, value) in schema) document[key] = value?.DeepClone();
        return ReadableJson.Text(document);
    }
}
