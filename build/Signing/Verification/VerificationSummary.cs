using System.Globalization;
using System.Text.Json.Nodes;
using OpenStack.Storage;

namespace OpenStack.Signing;

/// <summary>
/// That an image was verified, and what for, for those who trust the verifier and do not look themselves: predicate of
/// SLSA's verification summary (slsa.dev/verification_summary/v1).
/// </summary>
public static class VerificationSummary
{
    /// <summary>Leads to what is verified.</summary>
    public const string Policy = "https://github.com/c5c3/openstack-images/blob/main/build/Signing/verification-v1.md";

    /// <param name="image">All of it holds.</param>
    /// <param name="builder">Who runs this.</param>
    /// <param name="version">Of this repository: its commit.</param>
    /// <param name="at">When it was verified.</param>
    /// <returns>The predicate, with a final newline.</returns>
    public static string Of(VerifiedImage image, Builder builder, string version, DateTimeOffset at) =>
        ReadableJson.Text(new JsonObject
        {
            ["verifier"] = new JsonObject
            {
                ["id"] = builder.Invocation is null ? $"{Policy}#local" : builder.Id,
                ["version"] = new JsonObject { ["openstack-images"] = version },
            },
            ["timeVerified"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["resourceUri"] = ResourceDescriptor.OfImage("image", image.Reference.Name, image.Digest!).Uri,
            ["policy"] = new JsonObject { ["uri"] = Policy },
            ["inputAttestations"] = new JsonArray([.. image.Statements
                .OrderBy(x => x.Digest, StringComparer.Ordinal)
                .Select(x => ResourceDescriptor.OfFile(PredicateTypes.NameOf(x.PredicateType), x.Digest).ToJson())]),
            ["verificationResult"] = image.Verdict == Verdict.Yes ? "PASSED" : "FAILED",
            ["verifiedLevels"] = new JsonArray(JsonValue.Create(image.Level.Name)),
            ["slsaVersion"] = "1.2",
        });
}
