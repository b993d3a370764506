using OpenStack.Constraints;
using OpenStack.Wheels;

namespace OpenStack.Sbom;

/// <summary>What the build knows of an image that the image does not say itself.</summary>
/// <param name="Name">Name of the image: <c>keystone</c>.</param>
/// <param name="Registry">Registry and namespace that it is named after.</param>
sealed record BomSubject(string Name, string Registry)
{
    /// <summary>
    /// How many of its layers, from below, are the base image's, by platform; none where that is not known.
    /// </summary>
    public IReadOnlyDictionary<string, int> BaseLayers { get; init; } = new Dictionary<string, int>();

    /// <summary>What was built from source, by the name of its Python distribution.</summary>
    public IReadOnlyDictionary<PythonName, BuiltSource> Sources { get; init; } =
        new Dictionary<PythonName, BuiltSource>();

    /// <summary>What was built from source and is no Python distribution, the component of the image first.</summary>
    public IReadOnlyList<NativeSource> Natives { get; init; } = [];

    /// <summary>Extras that were asked for, by distribution.</summary>
    public IReadOnlyDictionary<PythonName, IReadOnlyList<string>> Extras { get; init; } =
        new Dictionary<PythonName, IReadOnlyList<string>>();

    /// <summary>
    /// Which files its distributions were installed from, by platform; none where nobody recorded that.
    /// </summary>
    public IReadOnlyDictionary<string, DistributionFiles> Files { get; init; } =
        new Dictionary<string, DistributionFiles>();

    /// <summary>Inputs that have no digest, by platform, each with the reason.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Unlocked { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>How the constraints differ from those of the release.</summary>
    public IReadOnlyList<ConstraintChange> Changes { get; init; } = [];

    /// <summary>
    /// Who publishes it: registry and namespace; a registry on this machine has a port of the moment.
    /// </summary>
    public string Publisher =>
        Registry.Split('/', 2) is [var host, var path] && IsLocal(host) ? path : IsLocal(Registry) ? Name : Registry;

    /// <summary>
    /// Where it is published; null for a registry on this machine, which means something else to everybody.
    /// </summary>
    public string? Repository => IsLocal(Registry.Split('/')[0]) ? null : $"{Registry}/{Name}";

    static bool IsLocal(string host) => host.Split(':')[0] is "localhost"
        || host.StartsWith("127.", StringComparison.Ordinal)
        || host.StartsWith("[::1]", StringComparison.Ordinal);
}
