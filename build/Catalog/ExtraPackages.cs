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

    /// <summary>What is asked for of what the image offers: its system packages, and its contract.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>
    /// Further components whose source goes into the image, and into no other: plugins, drivers, dashboards.
    /// </summary>
    public IReadOnlyList<string> Plugins { get; init; } = [];

    /// <summary>The profiles of <c>images/bindep.txt</c> that the image of a service is of.</summary>
    public IReadOnlyList<string> ProfilesOf(string service) => [service, .. Options.Select(x => ProfileOf(service, x))];

    /// <summary>Profiles of what building it takes, where it is no Python distribution.</summary>
    public IReadOnlyList<string> BuildProfilesOf(string service) =>
        [.. ProfilesOf(service).Select(ReleaseCatalog.BuildProfileOf)];

    /// <summary>The profile of an option: <c>keystone-apache</c>.</summary>
    public static string ProfileOf(string service, string option) => $"{service}-{option}";

    /// <summary>Names of the apt packages for one platform, in the order of the file, each once.</summary>
    public IReadOnlyList<string> AptPackagesFor(BindepPlatform platform) => Bindep.Select(AptPackages, platform);
}
