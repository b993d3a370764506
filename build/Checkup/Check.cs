namespace OpenStack.Checkup;

/// <summary>How something was found that a build uses.</summary>
public enum CheckState
{
    /// <summary>As it has to be.</summary>
    Good,

    /// <summary>Nobody could say.</summary>
    Unknown,

    /// <summary>Good enough, or only for what is not asked for.</summary>
    Warning,

    /// <summary>The build would fail.</summary>
    Bad,
}

/// <summary>What was found.</summary>
/// <param name="Remedy">What to set, or to do; empty where there is nothing to.</param>
public sealed record CheckResult(CheckState State, string Found, string Remedy = "")
{
    public static CheckResult Good(string found) => new(CheckState.Good, found);

    public static CheckResult Unknown(string found) => new(CheckState.Unknown, found);
}

/// <summary>Something that is looked at by itself.</summary>
/// <param name="Subject">What is looked at.</param>
/// <param name="Look">Looks; changes nothing. A problem that it throws is what is wrong.</param>
public sealed record Check(string Subject, Func<CancellationToken, Task<CheckResult>> Look)
{
    /// <summary>Whether the run does without it.</summary>
    public bool IsOptional { get; init; }
}
