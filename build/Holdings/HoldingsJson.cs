using System.Text.Json.Serialization;

namespace OpenStack.Holdings;

/// <summary>JSON of what is remembered and answered; generated, because reflection costs start-up time.</summary>
[JsonSerializable(typeof(HeldImage))]
[JsonSerializable(typeof(HeldComponent))]
[JsonSerializable(typeof(HoldingReport))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
sealed partial class HoldingsJson : JsonSerializerContext;
