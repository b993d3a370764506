using System.Text.Encodings.Web;
using System.Text.Json;
using CycloneDX.Models;

namespace CycloneDX.Json;

public static class Serializer
{
    static readonly BomJson s_strict = new(new JsonSerializerOptions(BomJson.Default.Options));

    static readonly BomJson s_relaxed = new(new JsonSerializerOptions(BomJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <param name="unsafeRelaxedJsonEscaping">Whether only what JSON demands is escaped.</param>
    public static string Serialize(Bom bom, bool? unsafeRelaxedJsonEscaping) =>
        JsonSerializer.Serialize(bom, (unsafeRelaxedJsonEscaping == true ? s_relaxed : s_strict).Bom);
}
