using System.Text.Json;

namespace OpenStack.Oci;

/// <summary>What the build reads of an OCI image configuration.</summary>
/// <param name="Created">When the image was made, as it says of itself.</param>
/// <param name="Platform">Operating system and architecture, <c>linux/amd64</c>.</param>
/// <param name="User">User (and group) that its process runs as; empty is root.</param>
/// <param name="Environment">Environment variables.</param>
/// <param name="Labels">Labels.</param>
/// <param name="DiffIds">Digests of the layers' content, lowest first.</param>
public sealed record OciConfig(
    DateTimeOffset Created,
    string Platform,
    string User,
    IReadOnlyDictionary<string, string> Environment,
    IReadOnlyDictionary<string, string> Labels,
    IReadOnlyList<string> DiffIds)
{
    /// <exception cref="JsonException">It is no configuration.</exception>
    internal static OciConfig Read(JsonElement json)
    {
        var config = json.TryGetProperty("config", out var found) ? found : default;
        return new OciConfig(
            json.TryGetProperty("created", out var created) && created.TryGetDateTimeOffset(out var time)
                ? time
                : DateTimeOffset.UnixEpoch,
            PlatformName.Normal(string.Join('/', new[]
            {
                OciJson.Text(json, "os") ?? "linux",
                OciJson.Text(json, "architecture") ?? "unknown",
                OciJson.Text(json, "variant"),
            }.OfType<string>())),
            OciJson.Text(config, "User") ?? "",
            ReadEnvironment(config),
            OciJson.Map(config, "Labels"),
            [.. OciJson.Require(OciJson.Require(json, "rootfs", JsonValueKind.Object), "diff_ids", JsonValueKind.Array)
                .EnumerateArray()
                .Select(x => OciDigest.Require(x.GetString() ?? ""))]);
    }

    static Dictionary<string, string> ReadEnvironment(JsonElement config) =>
        config.ValueKind == JsonValueKind.Object
            && config.TryGetProperty("Env", out var env)
            && env.ValueKind == JsonValueKind.Array
            ? env.EnumerateArray()
                .Select(x => (x.GetString() ?? "").Split('=', 2))
                .DistinctBy(x => x[0])
                .ToDictionary(x => x[0], x => x.ElementAtOrDefault(1) ?? "", StringComparer.Ordinal)
            : [];
}
