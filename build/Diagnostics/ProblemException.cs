namespace OpenStack.Diagnostics;

/// <summary>
/// The build's one type of error: mistakes of a user or of the world around the build, several of a kind together. It
/// prints without a stack trace; stack traces are for bugs.
/// </summary>
public sealed class ProblemException : Exception
{
    public ProblemException(IReadOnlyList<Problem> problems, Exception? inner = null)
        : base(Describe(problems), inner) => Problems = problems;

    public ProblemException(Problem problem, Exception? inner = null)
        : this([problem], inner)
    {
    }

    public ProblemException(string found, string? remedy = null, Exception? inner = null)
        : this(new Problem(found, Remedy: remedy), inner)
    {
    }

    public IReadOnlyList<Problem> Problems { get; }

    /// <summary>
    /// Whether something could not be found out, rather than being wrong: a registry that does not answer says nothing
    /// of the image that it was asked about.
    /// </summary>
    public bool IsUnknown { get; init; }

    /// <summary>
    /// Whether nothing else would fare better: the disk is full. Whoever goes on with the rest does not.
    /// </summary>
    public bool IsOfAll { get; init; }

    /// <summary>Throws when there is at least one problem.</summary>
    public static void ThrowIfAny(IReadOnlyList<Problem> problems)
    {
        if (problems.Count > 0) throw new ProblemException(problems);
    }

    /// <summary>The message alone: NUKE logs the exception of a failed target with this.</summary>
    public override string ToString() => Message;

    static string Describe(IReadOnlyList<Problem> problems) => problems.Count == 1
        ? problems[0].ToString()
        : $"{problems.Count} problems:{string.Concat(problems.Select(x => $"{Environment.NewLine}  - {x}"))}";
}
