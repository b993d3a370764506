namespace OpenStack.NativePackages;

/// <summary>A package that an index names.</summary>
/// <param name="Index">Which.</param>
/// <param name="Depends">As its format says it.</param>
/// <param name="Since">When it was made or added.</param>
public sealed record PublishedPackage(
    string Index, string Name, string Version, IReadOnlyList<string> Depends, DateTimeOffset Since)
{
    /// <summary>The package of the version that this one runs; null where it is that itself.</summary>
    public string? Runs => Depends.Select(x => x.Split(' ', '=', '(')[0])
        .FirstOrDefault(x => x.StartsWith($"{Name}-", StringComparison.Ordinal));

    public override string ToString() => $"{Name} {Version}";
}

/// <summary>
/// Which packages are kept: those that are young, and the newest of each service in an index however old they are, with
/// the package of the version that each runs.
/// </summary>
/// <param name="Days">How long every package is kept.</param>
/// <param name="Builds">How many of each service are kept beyond that.</param>
/// <param name="Now">When it is.</param>
public sealed record PackageRetention(int Days, int Builds, DateTimeOffset Now)
{
    /// <summary>Those that may go; what nobody runs any more, and none that goes, stays.</summary>
    public IReadOnlyList<PublishedPackage> Expired(IReadOnlyList<PublishedPackage> packages)
    {
        var services = packages.Where(x => x.Runs is not null).GroupBy(x => (x.Index, x.Name)).SelectMany(line => line
            .OrderByDescending(x => x.Since).ThenBy(x => x.Version, StringComparer.Ordinal).Skip(Builds))
            .Where(x => x.Since < Now.AddDays(-Days)).ToList();
        var versions = services.Select(x => (x.Index, x.Runs!, x.Version)).ToHashSet();
        // Several may run the same one, if only their own files differ.
        versions.ExceptWith(packages.Except(services).Where(x => x.Runs is not null)
            .Select(x => (x.Index, x.Runs!, x.Version)));
        return [.. services, .. packages.Where(x => versions.Contains((x.Index, x.Name, x.Version)))];
    }
}
