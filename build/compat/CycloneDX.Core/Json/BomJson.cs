using System.Text.Json.Serialization;
using CycloneDX.Models;
using CycloneDX.Models.Vulnerabilities;

namespace CycloneDX.Json;

/// <summary>Generated, because reflection costs start-up time. The package reflects; what comes out is the same.</summary>
[JsonSerializable(typeof(Bom))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    Converters =
    [
        typeof(TimeConverter),
        typeof(HyphenEnumConverter<Component.Classification>),
        typeof(HyphenEnumConverter<ExternalReference.ExternalReferenceType>),
        typeof(HyphenEnumConverter<Lifecycles.LifecyclePhase>),
        typeof(HyphenEnumConverter<Patch.PatchClassification>),
        typeof(AlgorithmConverter),
        typeof(UnderscoreEnumConverter<Issue.IssueClassification>),
        typeof(UnderscoreEnumConverter<ImpactAnalysisState>),
        typeof(UnderscoreEnumConverter<ImpactAnalysisJustification>),
        typeof(UnderscoreEnumConverter<Response>),
    ])]
sealed partial class BomJson : JsonSerializerContext;
