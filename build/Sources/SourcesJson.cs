using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>
/// JSON of the records that one stage hands to the next; generated, because reflection costs start-up time.
/// </summary>
[JsonSerializable(typeof(ResolvedRef[]))]
[JsonSerializable(typeof(SourceTree))]
[JsonSerializable(typeof(SealedTree))]
[JsonSerializable(typeof(PatchReport))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
sealed partial class SourcesJson : JsonSerializerContext
{
    static SourcesJson? s_readable;

    /// <summary>With <c>+</c>, <c>&amp;</c> and the like as they are.</summary>
    public static SourcesJson Readable => s_readable ??=
        new SourcesJson(new JsonSerializerOptions(Default.Options!)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });

    /// <exception cref="ProblemException">The file is not there or is not of this type.</exception>
    public static T Read<T>(AbsolutePath file, JsonTypeInfo<T> type)
    {
        const string Remedy = "Delete it and run the target that makes it";
        if (!File.Exists(file))
            throw new ProblemException(new Problem("There is no such file", file,
                Remedy: "Run the target that makes it"));
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(file), type) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            var line = (int)(e.LineNumber ?? -1) + 1;
            throw new ProblemException(new Problem("The file cannot be read", file, line, Remedy: Remedy), e);
        }
    }
}
