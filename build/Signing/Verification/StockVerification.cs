using System.Text.Json;
using OpenStack.Oci;
using OpenStack.Processes;

namespace OpenStack.Signing;

/// <summary>Why cosign does not accept something.</summary>
/// <param name="Why">In its words.</param>
/// <param name="IsOfNetwork">Whether it could not ask, and so says nothing.</param>
sealed record StockFailure(string Why, bool IsOfNetwork = false);

/// <summary>What cosign says, as everybody else would ask it.</summary>
/// <param name="cosign">cosign.</param>
/// <param name="trust">Whose signatures count.</param>
/// <param name="offline">With a key: what keeps cosign offline.</param>
sealed class StockVerification(Cosign cosign, Trust trust, OfflineConfiguration? offline)
{
    /// <summary>What cosign calls a signature in its output: version 3, and 2.</summary>
    static readonly string[] s_signatures = [PredicateTypes.Signature, "cosign container image signature"];

    /// <summary>
    /// Why <c>cosign verify</c> does not hold; null when it does. Version 3 is content with any statement about the
    /// image, an SBOM for example, so what it found has to be a signature.
    /// </summary>
    public async Task<StockFailure?> SignatureAsync(string reference, CancellationToken cancellation = default)
    {
        var result = await cosign.VerifyAsync(reference, trust, offline, cancellation);
        if (!result.Succeeded) return Failure(result);
        var types = Lines(result)
            .SelectMany(x => x.ValueKind == JsonValueKind.Array ? x.EnumerateArray() : Enumerable.Repeat(x, 1))
            .Select(TypeOf)
            .OfType<string>()
            .ToList();
        return types.Any(s_signatures.Contains) ? null
            : new StockFailure(
            $"it accepts an attestation without a signature ({string.Join(", ", types.Distinct())})");
    }

    /// <summary>The payloads that <c>cosign verify-attestation</c> holds to be signed, and why it holds none.</summary>
    public async Task<(IReadOnlyList<byte[]> Payloads, StockFailure? Failure)> AttestationsAsync(
        string reference, string predicateType, CancellationToken cancellation = default)
    {
        var result = await cosign.VerifyAttestationAsync(reference, predicateType, trust, offline, cancellation);
        if (!result.Succeeded) return ([], Failure(result));
        return ([.. Lines(result)
            .Where(x => x.ValueKind == JsonValueKind.Object
                && x.TryGetProperty("payload", out var payload)
                && payload.ValueKind == JsonValueKind.String)
            .Select(x => x.GetProperty("payload").GetBytesFromBase64())], null);
    }

    static StockFailure Failure(CommandResult result) => new(Cosign.Reason(result), Cosign.IsOfNetwork(result));

    static string? TypeOf(JsonElement claim) => claim.ValueKind == JsonValueKind.Object
        && claim.TryGetProperty("critical", out var critical)
        ? OciJson.Text(critical, "type")
        : null;

    static IEnumerable<JsonElement> Lines(CommandResult result)
    {
        foreach (var line in result.Lines.Where(x => x.StartsWith('[') || x.StartsWith('{')))
        {
            using var json = JsonDocument.Parse(line);
            yield return json.RootElement.Clone();
        }
    }
}
