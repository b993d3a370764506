namespace OpenStack.NativePackages;

/// <summary>What the packages of a service have of their own.</summary>
/// <param name="Summary">What the service is, on one line.</param>
/// <param name="Units">What of it is run by systemd.</param>
public sealed record PackageData(string Summary, IReadOnlyList<PackageUnit> Units)
{
    /// <summary>Packages of the distribution that bring the same programs.</summary>
    public IReadOnlyList<string> Conflicts { get; init; } = [];
}

/// <summary>A unit of systemd.</summary>
/// <param name="Name">Its name without <c>openstack-</c> and <c>.service</c>.</param>
/// <param name="Summary">What it is, on one line.</param>
/// <param name="Run">
/// A program of the virtual environment and its arguments; names of <see cref="PackageVariables"/> are filled in.
/// </param>
public sealed record PackageUnit(string Name, string Summary, IReadOnlyList<string> Run)
{
    /// <summary>Whether what it runs becomes root, by rootwrap or privsep.</summary>
    public bool BecomesRoot { get; init; }
}
