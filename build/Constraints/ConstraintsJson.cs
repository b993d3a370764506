using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpenStack.Constraints;

/// <summary>JSON of what is reported about constraints; generated, because reflection costs start-up time.</summary>
[JsonSerializable(typeof(ConstraintDiff))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
sealed partial class ConstraintsJson : JsonSerializerContext
{
    static ConstraintsJson? s_readable;

    /// <summary>With <c>&gt;</c>, <c>'</c> and the like as they are.</summary>
    public static ConstraintsJson Readable => s_readable ??=
        new ConstraintsJson(new JsonSerializerOptions(Default.Options!)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
}
