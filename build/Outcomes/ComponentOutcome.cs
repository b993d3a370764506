using OpenStack.Diagnostics;

namespace OpenStack.Outcomes;

/// <summary>What has become of one component in a run.</summary>
/// <param name="Of">The image, or the library that no image is.</param>
/// <param name="State">What has become of it.</param>
/// <param name="Target">The target that it failed in, or in which that failed because of which it was skipped.</param>
/// <param name="BecauseOf">What has failed, where it was skipped.</param>
/// <param name="Problems">What was wrong, where it failed.</param>
public sealed record ComponentOutcome(ReleasedComponent Of, ImageState State, string? Target = null,
    ReleasedComponent? BecauseOf = null, params IReadOnlyList<Problem> Problems)
{
    /// <summary>As tables and files have it: <c>up to date</c>.</summary>
    public string StateName => State switch
    {
        ImageState.NotFinished => "not finished",
        ImageState.UpToDate => "up to date",
        _ => State.ToString().ToLowerInvariant(),
    };

    /// <summary>Why, on one line: of several problems the first, of one that has many lines the first.</summary>
    public string Reason => State switch
    {
        ImageState.Skipped => $"because of {BecauseOf}, which failed in {Target}",
        ImageState.Failed => $"{Target}: {FirstLineOf(Problems[0])}"
            + (Problems.Count == 1 ? "" : $" (and {Problems.Count - 1} more)"),
        _ => "",
    };

    static string FirstLineOf(Problem problem) => (problem with { Remedy = null }).ToString().Split('\n')[0].TrimEnd();
}
