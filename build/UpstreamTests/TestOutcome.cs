namespace OpenStack.UpstreamTests;

/// <summary>What came of one run of one test.</summary>
/// <param name="Run"><c>all</c>, <c>again</c>, or <c>N without</c> and <c>N with</c> of the patch N.</param>
/// <param name="Test">Its name, as the runner has it.</param>
/// <param name="Status">
/// The runner's word: <c>success</c>, <c>xfail</c>, <c>skip</c>, <c>fail</c>, <c>uxsuccess</c>; <c>lost</c> where what
/// ran it ended in the midst of it, <c>hangs</c> where it took too long.
/// </param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Text">What it says: a traceback, or why it was skipped.</param>
public sealed record TestOutcome(string Run, string Test, string Status, double Seconds, string Text)
{
    public bool IsPassed => Status is "success" or "xfail";

    public bool IsSkipped => Status == "skip";

    public bool IsFailed => !IsPassed && !IsSkipped;
}

/// <summary>What the tests of a patch show of it.</summary>
public enum ProofKind
{
    /// <summary>Some of its tests fail without it, and all pass with it.</summary>
    Proven,

    /// <summary>It adds and changes no test.</summary>
    NoTests,

    /// <summary>It changes nothing but tests, and they pass.</summary>
    TestsAlone,

    /// <summary>Its tests pass without it as well.</summary>
    PassesWithout,

    /// <summary>Its tests do not pass with it.</summary>
    FailsWith,

    /// <summary>A run of its tests came to no end, or skipped all of them.</summary>
    NotKnown,
}

/// <summary>What the tests of one patch show of it.</summary>
/// <param name="Title">The patch.</param>
/// <param name="Kind">What they show.</param>
/// <param name="Tests">How many of its tests ran with it.</param>
/// <param name="FailWithout">How many of them fail without it.</param>
public sealed record PatchProof(string Title, ProofKind Kind, int Tests, int FailWithout)
{
    /// <summary>Whether somebody has to do something.</summary>
    public bool IsProblem => Kind is ProofKind.PassesWithout or ProofKind.FailsWith or ProofKind.NotKnown;

    public override string ToString() => Kind switch
    {
        ProofKind.Proven => $"{FailWithout} of its {Tests} tests fail without it, and all pass with it",
        ProofKind.NoTests => "it adds and changes no test",
        ProofKind.TestsAlone => $"it changes tests alone: {Tests} pass",
        ProofKind.PassesWithout => $"its {Tests} tests pass without it as well",
        ProofKind.FailsWith => "its tests fail with it",
        _ => "not known: its tests came to no end, or were skipped",
    };
}
