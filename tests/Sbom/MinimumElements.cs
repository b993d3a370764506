using System.Text.Json;

namespace OpenStack.Tests.Sbom;

/// <summary>
/// What every SBOM must say: CISA, "Minimum Elements for a Software Bill of Materials", draft of 2025, table of data
/// fields.
/// </summary>
static class MinimumElements
{
    /// <summary>What is missing, a line for each.</summary>
    public static IReadOnlyList<string> MissingIn(JsonElement bom)
    {
        var missing = new List<string>();
        void Require(JsonElement json, string member, string of)
        {
            if (!json.TryGetProperty(member, out var value)
                || value.ValueKind is JsonValueKind.Null
                || (value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0)
                || (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0))
                missing.Add($"{member} of {of}");
        }

        var metadata = bom.GetProperty("metadata");
        foreach (var member in (string[])["timestamp", "tools", "authors", "lifecycles", "component", "supplier"])
            Require(metadata, member, "the document");
        foreach (var tool in metadata.GetProperty("tools").GetProperty("components").EnumerateArray())
            foreach (var member in (string[])["name", "version"]) Require(tool, member, "the tool");

        List<JsonElement> components = bom.TryGetProperty("components", out var listed)
            ? [.. listed.EnumerateArray()]
            : [];
        var known = bom.GetProperty("dependencies")
            .EnumerateArray()
            .Select(x => x.GetProperty("ref").GetString())
            .ToHashSet();
        foreach (var component in components.Append(metadata.GetProperty("component")))
        {
            var name = component.GetProperty("bom-ref").GetString()!;
            foreach (var member in (string[])["name", "version", "supplier", "hashes", "purl"])
                Require(component, member, name);
            if (components.Contains(component)) Require(component, "licenses", name);
            Require(component.GetProperty("supplier"), "name", name);
            if (!known.Contains(name)) missing.Add($"dependencies of {name}");
        }

        var references = components.Select(x => x.GetProperty("bom-ref").GetString()).ToList();
        missing.AddRange(references.GroupBy(x => x)
            .Where(x => x.Count() > 1)
            .Select(x => $"a bom-ref of its own for {x.Key}"));
        missing.AddRange(bom.GetProperty("dependencies")
            .EnumerateArray()
            .Where(x => x.TryGetProperty("dependsOn", out _))
            .SelectMany(x => x.GetProperty("dependsOn").EnumerateArray())
            .Select(x => x.GetString()).Where(x => !references.Contains(x)).Select(x => $"the component {x}"));
        return missing;
    }
}
