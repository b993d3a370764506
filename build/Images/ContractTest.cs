using System.Text.Json;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Images;

/// <summary>One thing that must hold for an image.</summary>
/// <param name="Name">What must hold.</param>
/// <param name="Holds">Whether it does.</param>
/// <param name="Found">What was found, for a person.</param>
public sealed record ContractCheck(string Name, bool Holds, string Found);

/// <summary>Checks a built image: its configuration from outside, everything else by a probe that runs inside it.</summary>
/// <param name="engine">Runs the image.</param>
/// <param name="probe">The probe, a Python program.</param>
public sealed class ContractTest(Engine engine, AbsolutePath probe)
{
    /// <param name="layout">The image.</param>
    /// <param name="platform">Its platform.</param>
    /// <param name="name">Name that it gets in the engine while it is tested.</param>
    /// <param name="contract">What the probe is to check; see <see cref="Catalog.ImageContract"/>.</param>
    /// <param name="labels">Labels and annotations that the image must have.</param>
    /// <param name="own">The distribution of the service, and its version.</param>
    /// <param name="pins">The constraints that it was installed with.</param>
    public async Task<IReadOnlyList<ContractCheck>> RunAsync(
        OciLayout layout, string platform, string name, JsonObject contract, IReadOnlyDictionary<string, string> labels,
        (string Name, string Version) own, IReadOnlyList<Pin> pins)
    {
        layout.Verify();
        await engine.LoadAsync(layout, [name]);
        return [.. CheckConfiguration(layout, labels), .. await ProbeAsync(name, platform, contract, own, pins)];
    }

    static IEnumerable<ContractCheck> CheckConfiguration(OciLayout layout, IReadOnlyDictionary<string, string> labels)
    {
        var config = layout.ReadConfig();
        yield return new ContractCheck("the user is 42424:42424", config.User == "42424:42424", config.User);
        var path = config.Environment.GetValueOrDefault("PATH", "");
        yield return new ContractCheck("the virtual environment is first on PATH", path.StartsWith("/var/lib/openstack/bin:", StringComparison.Ordinal), path);
        var annotations = layout.ReadManifest().Annotations;
        foreach (var (key, value) in labels)
        {
            var (label, annotation) = (config.Labels.GetValueOrDefault(key, ""), annotations.GetValueOrDefault(key, ""));
            yield return new ContractCheck($"{key} is {value}", label == value && annotation == value, label == annotation ? label : $"{label} (label), {annotation} (annotation)");
        }
    }

    static IEnumerable<ContractCheck> ChecksOf(string line, (string Name, string Version) own, IReadOnlyList<Pin> pins)
    {
        var json = JsonDocument.Parse(line).RootElement;
        return json.TryGetProperty("check", out var name)
            ? [new ContractCheck(name.GetString()!, json.GetProperty("ok").GetBoolean(), json.GetProperty("found").GetString()!)]
            : InstalledDistributions.Read(line).Check(own, pins);
    }

    async Task<IReadOnlyList<ContractCheck>> ProbeAsync(
        string name, string platform, JsonObject contract, (string Name, string Version) own, IReadOnlyList<Pin> pins)
    {
        var capabilities = contract["capabilities"] is JsonArray named ? named.Select(x => x!.GetValue<string>()).ToList() : [];
        var environment = new Dictionary<string, string> { ["CONTRACT"] = contract.ToJsonString() };
        var result = await engine.RunPythonAsync(name, platform, await File.ReadAllTextAsync(probe), environment, capabilities);
        try
        {
            var checks = result.Lines.SelectMany(x => ChecksOf(x, own, pins)).ToList();
            return result.Succeeded && checks.Count > 0
                ? checks
                : [.. checks, new ContractCheck("the probe runs to its end", false, $"exit code {result.ExitCode}: {result.Tail()}")];
        }
        catch (JsonException e)
        {
            throw new ProblemException($"The probe of {name} printed no JSON: {result.Tail(3)}", inner: e);
        }
    }
}
