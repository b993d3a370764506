using System.Text.Json;
using CycloneDX.Json;
using OpenStack.Sbom;

namespace OpenStack.Tests.Sbom;

/// <summary>The JSON schemas of CycloneDX, as the makers' own validator applies them.</summary>
static class SbomSchema
{
    /// <summary>What it says against a document, by the schema of the version that the document names.</summary>
    public static IReadOnlyList<string> ErrorsIn(string text)
    {
        using var json = JsonDocument.Parse(text);
        var version = SbomFiles.VersionOf(json.RootElement.GetProperty("specVersion").GetString()!);
        var result = Validator.Validate(text, version);
        return result.Valid ? [] : [.. result.Messages.DefaultIfEmpty("invalid, without a message")];
    }
}
