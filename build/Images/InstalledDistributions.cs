using System.Text.Json;
using System.Text.Json.Serialization;
using OpenStack.Constraints;

namespace OpenStack.Images;

/// <summary>A Python distribution as an image's own interpreter finds it (importlib.metadata).</summary>
/// <param name="Requires">Lines of <c>Requires-Dist</c>.</param>
public sealed record InstalledDistribution(string Name, string Version, string[] Requires);

/// <summary>The distributions of an image's virtual environment, and whether they belong together.</summary>
/// <param name="Environment">The values of the variables of markers (PEP 508) there.</param>
public sealed record InstalledDistributions(InstalledDistribution[] Distributions,
    Dictionary<string, string> Environment)
{
    public static InstalledDistributions Read(string json) =>
        JsonSerializer.Deserialize(json, InstalledDistributionsJson.Default.InstalledDistributions)
        ?? throw new JsonException("it is null");

    /// <param name="own">The distribution of the service, and its version.</param>
    /// <param name="pins">The constraints that it was installed with.</param>
    public IEnumerable<ContractCheck> Check((string Name, string Version) own, IReadOnlyList<Pin> pins)
    {
        var installed = Distributions.ToLookup(x => PythonName.Of(x.Name));
        var problems = installed.Where(x => x.Count() > 1)
            .Select(x => $"{x.Key} is installed {x.Count()} times")
            .ToList();
        foreach (var distribution in Distributions)
            problems.AddRange(distribution.Requires.Select(x => ProblemOf(distribution, x, installed))
                .OfType<string>());
        yield return Of("distributions are consistent", problems, $"{Distributions.Length} distributions");

        var environment = new MarkerEnvironment(Environment);
        var wanted = pins.Where(x => x.Marker?.Holds(environment) != false).ToList();
        var others = wanted.SelectMany(x => installed[x.Key].Where(y => !PythonVersion.AreSame(y.Version, x.Version))
            .Select(y => $"{y.Name} is {y.Version}, not {x.Version}")).ToList();
        yield return Of("installed versions are those of the constraints", others,
            $"{wanted.Count(x => installed.Contains(x.Key))} of {Distributions.Length} are constrained");

        var found = string.Join(", ", installed[PythonName.Of(own.Name)].Select(x => x.Version));
        yield return new ContractCheck($"distribution {own.Name} {own.Version} is installed",
            found == own.Version, found);
    }

    /// <summary>What is wrong with a requirement; null where it is met, or not one of this environment.</summary>
    string? ProblemOf(InstalledDistribution distribution, string text,
        ILookup<PythonName, InstalledDistribution> installed)
    {
        if (Requirement.TryParse(text, out var problem) is not { } requirement)
            return $"{distribution.Name} has a requirement that cannot be read: {problem}";
        var holds = requirement.Marker?.Holds(new MarkerEnvironment(Environment))
            ?? (requirement.Marker is null ? true : null);
        if (holds == false) return null;
        if (holds is null) return $"{distribution.Name} needs {text}: whether here is not known";
        if (!installed.Contains(requirement.Key)) return $"{distribution.Name} needs {text}, which is not installed";
        return installed[requirement.Key].FirstOrDefault(x =>
            !requirement.Specifiers.All(y => y.Admits(x.Version))) is { } other
            ? $"{distribution.Name} needs {text}, and {other.Version} is installed" : null;
    }

    static ContractCheck Of(string name, List<string> problems, string found) =>
        new(name, problems.Count == 0, string.Join("; ", problems.Order(StringComparer.Ordinal).Prepend(found)));
}

[JsonSerializable(typeof(InstalledDistributions))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
sealed partial class InstalledDistributionsJson : JsonSerializerContext;
