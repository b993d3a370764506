namespace OpenStack.Catalog;

/// <summary>What an image needs beside the distribution of its service.</summary>
/// <param name="PipExtras">Extras of the service's own distribution, as in <c>keystone[ldap]</c>.</param>
/// <param name="PipPackages">
/// Further distributions with their extras, as in <c>glance_store[s3]</c>; versions come from the constraints.
/// </param>
/// <param name="AptPackages">Packages of the runtime image with the platforms that need them.</param>
public sealed record ExtraPackages(
    IReadOnlyList<string> PipExtras,
    IReadOnlyList<string> PipPackages,
    IReadOnlyList<BindepLine> AptPackages)
{
    public static ExtraPackages None { get; } = new([], [], []);

    /// <summary>Names of the apt packages for one platform, in the order of the file, each once.</summary>
    public IReadOnlyList<string> AptPackagesFor(BindepPlatform platform) => Bindep.Select(AptPackages, platform);
}
