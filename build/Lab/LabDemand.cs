namespace OpenStack.Lab;

/// <summary>What a run wants of the laboratory: it gets that and no more, beside what was wanted before.</summary>
/// <param name="Platforms">What is built for; the host's own platform is always provided for.</param>
public sealed record LabDemand(IReadOnlyList<string> Platforms)
{
    /// <summary>The services to be built; null for all that the laboratory knows.</summary>
    public IReadOnlyList<string>? Services { get; init; }

    /// <summary>Libraries that may be built from source; null for all that the laboratory knows.</summary>
    public IReadOnlyList<string>? Libraries { get; init; }

    /// <summary>Components that are no Python distributions, which are made where they are named.</summary>
    public IReadOnlyList<string> Natives { get; init; } = [];

    /// <summary>Whether upstream's own tests of the services are run.</summary>
    public bool Tests { get; init; }

    /// <summary>Whether something is signed or verified.</summary>
    public bool Signs { get; init; } = true;
}
