using System.Text.Json;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Images;

/// <summary>One thing that must hold for an image.</summary>
/// <param name="Name">What must hold.</param>
/// <param name="Holds">Whether it does.</param>
/// <param name="Found">What was found, for a person.</param>
public sealed record ContractCheck(string Name, bool Holds, string Found);

/// <summary>
/// Checks a built image: its configuration from outside, everything else by a probe that runs inside it.
/// </summary>
/// <param name="engine">Runs the image.</param>
/// <param name="probe">The probe, a Python program.</param>
public sealed class ContractTest(Engine engine, AbsolutePath probe)
{
    const string Capabilities = "capabilities";
    const string Devices = "devices";

    /// <param name="layout">The image.</param>
    /// <param name="platform">Its platform.</param>
    /// <param name="contract">What must hold for it.</param>
    public async Task<IReadOnlyList<ContractCheck>> RunAsync(OciLayout layout, string platform,
        ServiceContract contract)
    {
        layout.Verify();
        await engine.LoadAsync(layout, [contract.Name]);
        return [.. CheckConfiguration(layout, contract.Labels), .. await ProbeAsync(platform, contract)];
    }

    static IReadOnlyList<string> Texts(JsonNode? list) =>
        list is JsonArray items ? [.. items.Select(x => x!.GetValue<string>())] : [];

    static IEnumerable<ContractCheck> CheckConfiguration(OciLayout layout, IReadOnlyDictionary<string, string> labels)
    {
        var config = layout.ReadConfig();
        yield return new ContractCheck("the user is 42424:42424", config.User == "42424:42424", config.User);
        var path = config.Environment.GetValueOrDefault("PATH", "");
        yield return new ContractCheck("the virtual environment is first on PATH",
            path.StartsWith("/var/lib/openstack/bin:", StringComparison.Ordinal), path);
        var annotations = layout.ReadManifest().Annotations;
        foreach (var (key, value) in labels)
        {
            var (label, annotation) = (config.Labels.GetValueOrDefault(key, ""),
                annotations.GetValueOrDefault(key, ""));
            yield return new ContractCheck($"{key} is {value}", label == value && annotation == value,
                label == annotation ? label : $"{label} (label), {annotation} (annotation)");
        }
    }

    static IEnumerable<ContractCheck> ChecksOf(string line, ServiceContract contract)
    {
        var json = JsonDocument.Parse(line).RootElement;
        return json.TryGetProperty("check", out var name)
            ? [new ContractCheck(name.GetString()!, json.GetProperty("ok").GetBoolean(),
                json.GetProperty("found").GetString()!)]
            : contract.Python is { } python ? InstalledDistributions.Read(line)
                .Check((python.Distribution, python.Version), python.Pins) : [];
    }

    /// <summary>What the probe finds in an image that the engine has under the contract's name.</summary>
    public async Task<IReadOnlyList<ContractCheck>> ProbeAsync(string platform, ServiceContract contract)
    {
        var own = (JsonObject)contract.Probe.DeepClone();
        if (!own.Remove(ImageContract.RootCommands, out var commands))
            return await ProbeAsync(platform, contract, own);
        var asRoot = new JsonObject
        {
            ["only"] = new JsonArray("commands_print"),
            ["commands"] = commands!.DeepClone(),
        };
        foreach (var key in (string[])[Capabilities, Devices]) asRoot[key] = own[key]?.DeepClone();
        return [.. await ProbeAsync(platform, contract, own),
            .. await ProbeAsync(platform, contract, asRoot, user: "0:0")];
    }

    async Task<IReadOnlyList<ContractCheck>> ProbeAsync(
        string platform, ServiceContract contract, JsonObject asked, string? user = null)
    {
        var rights = new ContainerRights(user, Texts(asked[Capabilities]), Texts(asked[Devices]));
        var environment = new Dictionary<string, string> { ["CONTRACT"] = asked.ToJsonString() };
        var result = await engine.RunPythonAsync(
            contract.Name, platform, await File.ReadAllTextAsync(probe), environment, rights);
        try
        {
            var checks = result.Lines.SelectMany(x => ChecksOf(x, contract)).ToList();
            return result.Succeeded && checks.Count > 0
                ? checks
                : [.. checks, new ContractCheck("the probe runs to its end", false,
                    $"exit code {result.ExitCode}: {result.Tail()}")];
        }
        catch (JsonException e)
        {
            throw new ProblemException($"The probe of {contract.Name} printed no JSON: {result.Tail(3)}", inner: e);
        }
    }
}
