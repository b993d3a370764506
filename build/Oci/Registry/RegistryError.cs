using System.Net;
using System.Text.Json;

namespace OpenStack.Oci;

/// <summary>What a registry says is wrong (OCI distribution specification 1.1, "Error Codes").</summary>
/// <param name="Code">Such as <c>NAME_UNKNOWN</c>.</param>
/// <param name="Message">For people.</param>
/// <param name="Detail">Text, or JSON as it came.</param>
public sealed record RegistryError(string Code, string Message, string Detail)
{
    /// <summary>The most of a server's own words that a message takes, in characters.</summary>
    const int Limit = 300;

    /// <summary>
    /// The errors in the body of an answer; the beginning of the body itself where it is something else.
    /// </summary>
    public static IReadOnlyList<RegistryError> Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var json = JsonDocument.ParseValue(ref reader);
            if (json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("errors", out var errors)
                && errors.ValueKind == JsonValueKind.Array)
            {
                return [.. errors.EnumerateArray()
                    .Where(x => x.ValueKind == JsonValueKind.Object)
                    .Select(x => new RegistryError(
                        Short(OciJson.Text(x, "code") ?? ""), Short(OciJson.Text(x, "message") ?? ""),
                        x.TryGetProperty("detail", out var detail) ? Short(DetailOf(detail)) : ""))];
            }

            // Token servers after OAuth 2 (RFC 6749, section 5.2), and some gateways.
            var text = OciJson.Text(json.RootElement, "error_description")
                ?? OciJson.Text(json.RootElement, "details")
                ?? OciJson.Text(json.RootElement, "message");
            if (text is not null)
                return [new RegistryError(Short(OciJson.Text(json.RootElement, "error") ?? ""), Short(text), "")];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Not JSON: a gateway's page, perhaps.
        }

        var plain = Short(System.Text.Encoding.UTF8.GetString(body[..Math.Min(body.Length, Limit * 4)]));
        return plain.Length == 0 || plain.StartsWith('<') ? [] : [new RegistryError("", plain, "")];
    }

    /// <summary>What to do about it, where that is known.</summary>
    /// <param name="registry">The registry.</param>
    /// <param name="status">Status of the answer.</param>
    /// <param name="errors">What the registry says.</param>
    /// <param name="credentials">Where the credentials are from; null where there are none.</param>
    public static string? RemedyFor(string registry, HttpStatusCode status, IReadOnlyList<RegistryError> errors,
        string? credentials)
    {
        bool Says(params IReadOnlyList<string> words) => errors.Any(x =>
            words.Any(y => $"{x.Code} {x.Message} {x.Detail}".Contains(y, StringComparison.OrdinalIgnoreCase)));
        return Says("QUOTA", "storage limit", "insufficient storage") || status == HttpStatusCode.InsufficientStorage
            ? "Make room in the registry, or raise the quota"
            : Says("NAME_UNKNOWN", "repository not found", "repository does not exist")
                ? "Create the repository or its namespace in the registry first, or correct the name"
            : Says("TAG_IMMUTABLE", "immutable") ? "The registry lets nobody move this tag; build from another commit"
            : Says("DENIED", "UNAUTHORIZED") || status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized
                ? credentials is null
                    ? $"Run 'docker login {registry}'; no credentials were found"
                    : $"Ask for the right to it, or run 'docker login {registry}' as somebody who has it; the "
                        + $"credentials are from {credentials}"
            : status == HttpStatusCode.TooManyRequests
                ? "Wait for what the registry asks for, or use credentials that it allows more"
            : status == HttpStatusCode.RequestEntityTooLarge
                ? "Raise the limit of the registry, or of the proxy in front of it"
            : null;
    }

    /// <summary><c>CODE: message (detail)</c>, as far as there are any.</summary>
    public override string ToString()
    {
        var text = Code.Length > 0 && Message.Length > 0 ? $"{Code}: {Message}" : Code + Message;
        return Detail is "" or "{}" or "null" or "[]" ? text : $"{text} ({Detail})";
    }

    static string DetailOf(JsonElement detail) => detail.ValueKind switch
    {
        JsonValueKind.String => detail.GetString()!,
        JsonValueKind.Null or JsonValueKind.Undefined => "",
        _ => detail.GetRawText(),
    };

    /// <summary>One line of moderate length, without what a terminal would obey.</summary>
    static string Short(string text)
    {
        var line = string.Concat(text.Trim().Select(x => char.IsControl(x) ? ' ' : x));
        return line.Length <= Limit ? line : line[..Limit] + "…";
    }
}
