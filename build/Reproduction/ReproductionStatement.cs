using System.Text.Json.Nodes;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Reproduction;

/// <summary>
/// What a second party says of an image that it has built again with the same result: provenance of that build, after
/// SLSA v1 (slsa.dev/spec/v1.0/provenance). What its fields mean is said in <c>reproduction-v1.md</c>.
/// </summary>
public static class ReproductionStatement
{
    /// <summary>Names, and leads to, the description of all fields.</summary>
    public const string BuildType =
        "https://github.com/c5c3/openstack-images/blob/main/build/Reproduction/reproduction-v1.md";

    /// <param name="image">What came out the same.</param>
    /// <param name="of">What was said of it by who published it, and was done again.</param>
    /// <param name="builder">Who did it.</param>
    /// <returns>The predicate, with a final newline.</returns>
    public static string Of(ReproducedImage image, Provenance of, Builder builder) => ReadableJson.Text(new JsonObject
    {
        ["buildDefinition"] = new JsonObject
        {
            ["buildType"] = BuildType,
            ["externalParameters"] = new JsonObject
            {
                ["image"] = image.Reference,
                ["platform"] = image.Platform,
            },
            ["resolvedDependencies"] = new JsonArray([.. of.Dependencies.Select(x => x.ToJson())]),
        },
        ["runDetails"] = builder.ToJson(of.BuilderVersion),
    });
}
