using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenStack.Changes;

namespace OpenStack.Updates;

/// <summary>JSON of the reports; generated, because reflection costs start-up time.</summary>
[JsonSerializable(typeof(OutdatedReport))]
[JsonSerializable(typeof(AffectedImage[]))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true)]
sealed partial class UpdatesJson : JsonSerializerContext
{
    static UpdatesJson? s_readable;

    /// <summary>With <c>+</c>, <c>&amp;</c> and the like as they are.</summary>
    public static UpdatesJson Readable => s_readable ??=
        new UpdatesJson(new JsonSerializerOptions(Default.Options!)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
}
