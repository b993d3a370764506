using OpenStack.Diagnostics;

namespace OpenStack.Signing;

/// <summary>Whether something holds, and why not, or why nobody can tell.</summary>
/// <param name="Verdict">The answer.</param>
/// <param name="Problems">Why it is not <see cref="Verdict.Yes"/>; none where it is.</param>
public sealed record Answer(Verdict Verdict, IReadOnlyList<Problem> Problems)
{
    public static Answer Yes { get; } = new(Verdict.Yes, []);

    /// <summary>What was seen besides.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    public static Answer No(Problem problem) => new(Verdict.No, [problem]);

    public static Answer Unknown(Problem problem) => new(Verdict.Unknown, [problem]);

    /// <summary>No where there are problems, yes where there are none.</summary>
    public static Answer Of(IReadOnlyList<Problem> problems) => problems.Count == 0 ? Yes : new(Verdict.No, problems);

    /// <summary>What an exception says: that something is wrong, or that it could not be found out.</summary>
    public static Answer Of(ProblemException e) => new(e.IsUnknown ? Verdict.Unknown : Verdict.No, e.Problems);

    /// <summary>All of several: what is wrong outweighs what nobody can tell.</summary>
    public static Answer All(IReadOnlyList<Answer> answers) =>
        new(answers.Any(x => x.Verdict == Verdict.No) ? Verdict.No : answers.Any(x => x.Verdict == Verdict.Unknown)
            ? Verdict.Unknown : Verdict.Yes,
            [.. answers.SelectMany(x => x.Problems)])
        {
            Notes = [.. answers.SelectMany(x => x.Notes)],
        };
}
