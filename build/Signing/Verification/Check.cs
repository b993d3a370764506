using OpenStack.Diagnostics;

namespace OpenStack.Signing;

/// <summary>One thing that an image in a registry was checked for.</summary>
/// <param name="Subject">The image, or one of its platforms.</param>
/// <param name="Name">What has to hold.</param>
/// <param name="Answer">Whether it does.</param>
public sealed record Check(string Subject, string Name, Answer Answer)
{
    public Verdict Verdict => Answer.Verdict;

    public bool Holds => Verdict == Verdict.Yes;

    /// <summary>Why it does not, or why nobody can tell; none when it does.</summary>
    public IReadOnlyList<Problem> Problems => Answer.Problems;

    /// <summary>What was seen besides, and changes nothing: what others have attached, for example.</summary>
    public IReadOnlyList<string> Notes => Answer.Notes;
}
