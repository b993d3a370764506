using OpenStack.Diagnostics;

namespace OpenStack.Updates;

/// <summary>Findings that are errors.</summary>
public enum OutdatedPolicy
{
    /// <summary>Something newer belongs here, or what is here belongs elsewhere.</summary>
    Outdated,

    /// <summary>The release is unmaintained or has ended.</summary>
    Eol,

    /// <summary>A published image would come out otherwise now.</summary>
    Stale,

    /// <summary>What a published image is built on, or has, could not be looked up.</summary>
    Unknown,

    /// <summary>An image has what is asked for.</summary>
    Found,

    /// <summary>An image lacks what is asked for.</summary>
    Lacking,

    /// <summary>Nothing is an error but what could not be looked up.</summary>
    None,
}

/// <summary>Applies policies to findings.</summary>
static class OutdatedPolicies
{
    /// <exception cref="ProblemException">The policies contradict each other.</exception>
    public static void Check(IReadOnlyList<OutdatedPolicy> policies)
    {
        if (policies.Contains(OutdatedPolicy.None) && policies.Any(x => x != OutdatedPolicy.None))
            throw new ProblemException(new Problem("--fail-when has 'none' and other values",
                Expected: "'none' alone, or any of 'outdated', 'eol', 'stale', 'unknown', 'found' and 'lacking'"));
    }

    /// <summary>What is an error by these policies, where it is pinned.</summary>
    public static IReadOnlyList<Problem> Violations(IEnumerable<Finding> findings,
        IReadOnlyList<OutdatedPolicy> policies) =>
        [.. findings.Where(x => PolicyOf(x.State) is { } policy && policies.Contains(policy)).Select(Describe)];

    static OutdatedPolicy? PolicyOf(FindingState state) => state switch
    {
        FindingState.Outdated or FindingState.Ahead or FindingState.Obsolete
            or FindingState.Moved => OutdatedPolicy.Outdated,
        FindingState.Unmaintained or FindingState.EndOfLife => OutdatedPolicy.Eol,
        _ => null,
    };

    static Problem Describe(Finding x) => new(
        $"{x.Name} {x.Current} is {FindingWords.Of(x.State)}{(x.Detail.Length > 0 ? $": {x.Detail}" : "")}", x.File,
        x.Line, Remedy: x.Newest is null ? null : $"The newest is {x.Newest}");
}
