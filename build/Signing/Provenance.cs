using System.Text.Json;
using System.Text.Json.Nodes;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Signing;

/// <summary>
/// Where an image comes from: predicate of SLSA provenance v1 (slsa.dev/provenance/v1). What its fields mean is
/// said in <c>build-type-v1.md</c>. It has no times, so the same inputs give the same bytes.
/// </summary>
/// <param name="Image">Name of the image.</param>
/// <param name="Publication">Where it is published.</param>
/// <param name="Inputs">Everything that its digest depends on: its <c>inputs.json</c>.</param>
public sealed record Provenance(string Image, PublicationTarget Publication, IReadOnlyDictionary<string, string> Inputs)
{
    /// <summary>Names, and leads to, the description of all fields.</summary>
    public const string BuildType = "https://github.com/c5c3/openstack-images/blob/main/build/Signing/build-type-v1.md";

    /// <summary>Prefix of the inputs that are arguments of the Dockerfile.</summary>
    const string Argument = "arg.";

    const string Hermetic = "hermetic", Reproducible = "reproducible";

    /// <summary>The OpenStack release; null of an image that is of none.</summary>
    public string? Release { get; init; }

    /// <summary>The source ref, likewise.</summary>
    public string? Ref { get; init; }

    /// <summary>Whether it was built without a network, from what its locks name and nothing else.</summary>
    public bool IsHermetic { get; init; }

    /// <summary>
    /// Whether it is published as one that others can build again, and nothing that they need is missing.
    /// </summary>
    public bool IsReproducible { get; init; }

    /// <summary>What it was made of.</summary>
    public IReadOnlyList<ResourceDescriptor> Dependencies { get; init; } = [];

    /// <summary>Of a manifest its platform, of an index all of them.</summary>
    public required IReadOnlyList<string> Platforms { get; init; }

    public required Builder Builder { get; init; }

    /// <summary>Of the repository that builds it: its commit.</summary>
    public required string BuilderVersion { get; init; }

    /// <summary>
    /// Of a manifest that is part of an index: no tag leads to it, and whoever moves one to it is found out.
    /// </summary>
    public Provenance AsPart() => this with { Publication = Publication with { Tags = [], Moving = [] } };

    /// <summary>The predicate, with a final newline.</summary>
    public string ToJson() => ReadableJson.Text(new JsonObject
    {
        ["buildDefinition"] = new JsonObject
        {
            ["buildType"] = BuildType,
            ["externalParameters"] = ExternalParameters(),
            ["internalParameters"] = new JsonObject
            {
                ["args"] = Map(Inputs.Where(x => IsArgument(x.Key))
                    .Select(x => KeyValuePair.Create(x.Key[Argument.Length..], x.Value))),
                ["inputs"] = Map(Inputs.Where(x => !IsArgument(x.Key))),
            },
            ["resolvedDependencies"] = new JsonArray([.. Dependencies.Select(x => x.ToJson())]),
        },
        ["runDetails"] = Builder.ToJson(BuilderVersion),
    });

    /// <summary>What a predicate says that came from a registry.</summary>
    /// <exception cref="JsonException">It is none of this build.</exception>
    public static Provenance Read(JsonElement predicate)
    {
        try
        {
            return Parse(predicate);
        }
        catch (InvalidOperationException e)
        {
            // Text that is no Unicode is found out only when it is read.
            throw new JsonException(e.Message, e);
        }
    }

    static Provenance Parse(JsonElement predicate)
    {
        var definition = OciJson.Require(predicate, "buildDefinition", JsonValueKind.Object);
        if (OciJson.Text(definition, "buildType") != BuildType)
            throw new JsonException($"its buildType is '{OciJson.Text(definition, "buildType")}', and not {BuildType}");
        var external = OciJson.Require(definition, "externalParameters", JsonValueKind.Object);
        var parameters = OciJson.Require(definition, "internalParameters", JsonValueKind.Object);
        var details = OciJson.Require(OciJson.Require(predicate, "runDetails", JsonValueKind.Object), "builder",
            JsonValueKind.Object);
        return new Provenance(
            OciJson.Require(external, "image", JsonValueKind.String).GetString()!,
            PublicationTarget.Read(OciJson.Require(external, "publication", JsonValueKind.Object)),
            OciJson.Map(parameters, "inputs")
                .Concat(OciJson.Map(parameters, "args").Select(x => KeyValuePair.Create(Argument + x.Key, x.Value)))
                .DistinctBy(x => x.Key)
                .ToDictionary())
        {
            Release = OciJson.Text(external, "release"),
            IsHermetic = IsTrue(external, Hermetic),
            IsReproducible = IsTrue(external, Reproducible),
            Dependencies = DependenciesIn(definition),
            Ref = OciJson.Text(external, "ref"),
            Platforms = [.. OciJson.Require(external, "platforms", JsonValueKind.Array)
                .EnumerateArray()
                .Select(x => x.ToString())],
            Builder = new Builder(OciJson.Require(details, "id", JsonValueKind.String).GetString()!, null),
            BuilderVersion = OciJson.Map(details, "version").GetValueOrDefault("openstack-images", ""),
        };
    }

    static bool IsTrue(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    static IReadOnlyList<ResourceDescriptor> DependenciesIn(JsonElement definition) =>
        definition.TryGetProperty("resolvedDependencies", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(ResourceDescriptor.Read)]
            : [];

    JsonObject ExternalParameters()
    {
        var json = new JsonObject { ["image"] = Image };
        if (Release is not null) json["release"] = Release;
        if (Ref is not null) json["ref"] = Ref;
        json["platforms"] = new JsonArray([.. Platforms.Select(x => JsonValue.Create(x))]);
        if (IsHermetic) json[Hermetic] = true;
        if (IsReproducible) json[Reproducible] = true;
        json["publication"] = Publication.ToJson();
        return json;
    }

    static bool IsArgument(string input) => input.StartsWith(Argument, StringComparison.Ordinal);

    static JsonObject Map(IEnumerable<KeyValuePair<string, string>> values) =>
        new(values.OrderBy(x => x.Key, StringComparer.Ordinal)
            .Select(x => KeyValuePair.Create(x.Key, (JsonNode?)JsonValue.Create(x.Value))));
}
