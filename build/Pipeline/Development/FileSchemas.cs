using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OpenStack.Catalog;
using OpenStack.Storage;

namespace OpenStack.Pipeline.Development;

/// <summary>
/// The JSON schemas of the YAML files of the repository, each of the type that reads them: of its
/// <see cref="YamlShape"/>, or of its properties, where it is what YamlDotNet makes of the file.
/// </summary>
static class FileSchemas
{
    /// <summary>As YamlDotNet is told to read them.</summary>
    static readonly JsonSerializerOptions s_properties = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        IgnoreReadOnlyProperties = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    /// <summary>What reads a YAML file, where such files are, and what they are.</summary>
    public static IEnumerable<(Type Reader, DescribedFileAttribute File)> Readers =>
        typeof(FileSchemas).Assembly.GetTypes()
            .Select(x => (Reader: x, File: x.GetCustomAttribute<DescribedFileAttribute>()!))
            .Where(x => x.File?.Place?.EndsWith(".yaml", StringComparison.Ordinal) == true)
            .OrderBy(x => x.File.Place, StringComparer.Ordinal);

    /// <summary>The files, by name.</summary>
    public static IReadOnlyDictionary<string, string> Files => Readers.ToDictionary(
        x => YamlSchema.NameOf(x.File.Place!),
        x => YamlSchema.TextOf(x.File.Place!, x.File.Description,
            ShapeOf(x.Reader)?.ToSchema() ?? OfProperties(x.Reader)));

    /// <summary>What the files of a reader may be; null where its properties say that.</summary>
    public static YamlShape? ShapeOf(Type reader) =>
        (YamlShape?)reader.GetProperty("Shape", BindingFlags.Public | BindingFlags.Static)?.GetValue(null);

    static JsonObject OfProperties(Type type) => (JsonObject)s_properties.GetJsonSchemaAsNode(type,
        new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            // Whatever stands where a text belongs, is the text to it; nothing is refused.
            TransformSchemaNode = (context, schema) =>
            {
                if (context.TypeInfo.Type == typeof(string))
                    schema["type"] = new JsonArray("string", "number", "boolean");
                return schema;
            },
        });
}
