using System.Text.Json.Nodes;
using OpenStack.Storage;

namespace OpenStack.Signing;

/// <summary>
/// Where a native package comes from: predicate of SLSA provenance v1 (slsa.dev/spec/v1.0/provenance). What its fields
/// mean is said in <c>package-v1.md</c>. It has no times, so the same inputs give the same bytes.
/// </summary>
/// <param name="Package">Name of the package.</param>
/// <param name="Version">As its format has it.</param>
/// <param name="Format">What the format is called, <c>deb</c>.</param>
/// <param name="Inputs">Everything that its bytes depend on, as its stage recorded it.</param>
public sealed record PackageProvenance(
    string Package, string Version, string Format, IReadOnlyDictionary<string, string> Inputs)
{
    /// <summary>Names, and leads to, the description of all fields.</summary>
    public const string BuildType = "https://github.com/c5c3/openstack-images/blob/main/build/Signing/package-v1.md";

    /// <summary>The OpenStack release.</summary>
    public required string Release { get; init; }

    /// <summary>The source ref.</summary>
    public required string Ref { get; init; }

    public required string Platform { get; init; }

    /// <summary>Whether it was built without a network, from what its locks name and nothing else.</summary>
    public bool IsHermetic { get; init; }

    /// <summary>What it was made of.</summary>
    public IReadOnlyList<ResourceDescriptor> Dependencies { get; init; } = [];

    public required Builder Builder { get; init; }

    /// <summary>Of the repository that builds it: its commit.</summary>
    public required string BuilderVersion { get; init; }

    /// <summary>The predicate, with a final newline.</summary>
    public string ToJson() => ReadableJson.Text(new JsonObject
    {
        ["buildDefinition"] = new JsonObject
        {
            ["buildType"] = BuildType,
            ["externalParameters"] = new JsonObject
            {
                ["package"] = Package,
                ["version"] = Version,
                ["format"] = Format,
                ["release"] = Release,
                ["ref"] = Ref,
                ["platform"] = Platform,
                ["hermetic"] = IsHermetic,
            },
            ["internalParameters"] = new JsonObject
            {
                ["inputs"] = new JsonObject(Inputs.OrderBy(x => x.Key, StringComparer.Ordinal)
                    .Select(x => KeyValuePair.Create(x.Key, (JsonNode?)JsonValue.Create(x.Value)))),
            },
            ["resolvedDependencies"] = new JsonArray([.. Dependencies.Select(x => x.ToJson())]),
        },
        ["runDetails"] = Builder.ToJson(BuilderVersion),
    });
}
