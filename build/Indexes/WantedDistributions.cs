using OpenStack.Constraints;

namespace OpenStack.Indexes;

/// <summary>What is to be had from indexes.</summary>
/// <param name="Runtime">What is installed.</param>
/// <param name="Build">What that, and what else is built here, is built with.</param>
public sealed record WantedDistributions(IReadOnlyList<Requirement> Runtime, IReadOnlyList<Requirement> Build)
{
    /// <summary>Hold what is installed, where their markers hold.</summary>
    public IReadOnlyList<Requirement> Constraints { get; init; } = [];

    /// <summary>Hold what builds.</summary>
    public IReadOnlyList<Requirement> BuildConstraints { get; init; } = [];

    /// <summary>What is built here, and no index is asked for.</summary>
    public IReadOnlySet<PythonName> Own { get; init; } = new HashSet<PythonName>();

    /// <summary>Distributions of which no wheel is taken.</summary>
    public Func<PythonName, bool> FromSource { get; init; } = _ => false;
}

/// <summary>A file that was chosen, and where it is from.</summary>
/// <param name="Index">The index that has it.</param>
public sealed record FoundDistribution(PythonName Name, string Version, ProjectFile File, PackageIndex Index)
{
    /// <summary>The source distribution beside a wheel; null where there is none.</summary>
    public ProjectFile? Source { get; init; }
}
