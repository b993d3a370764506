using System.Text.Json;

namespace OpenStack.Oci;

/// <summary>What the build reads of an OCI image configuration.</summary>
/// <param name="Created">When the image was made, as it says of itself.</param>
/// <param name="User">User (and group) that its process runs as; empty is root.</param>
/// <param name="Environment">Environment variables.</param>
/// <param name="Labels">Labels.</param>
/// <param name="DiffIds">Digests of the layers' content, lowest first.</param>
public sealed record OciConfig(
    DateTimeOffset Created,
    string User,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> DiffIds)
{
    internal static OciConfig Read(JsonElement json)
    {
        var config = json.TryGetProperty("config", out var found) ? found : default;
        if (config.ValueKind != JsonValueKind.Object) config = JsonDocument.Parse("{}").RootElement;
        return new OciConfig(
            json.TryGetProperty("created", out var created) ? created.GetDateTimeOffset() : DateTimeOffset.UnixEpoch,
            config.TryGetProperty("User", out var user) ? user.GetString() ?? "" : "",
            config.TryGetProperty("Env", out var env) && env.ValueKind == JsonValueKind.Array
                ? env.EnumerateArray().Select(x => x.GetString()!.Split('=', 2)).ToDictionary(x => x[0], x => x.ElementAtOrDefault(1) ?? "", StringComparer.Ordinal)
                : new Dictionary<string, string>(),
            OciManifest.ReadMap(config, "Labels"),
            [.. json.GetProperty("rootfs").GetProperty("diff_ids").EnumerateArray().Select(x => x.GetString()!)]);
    }
}
