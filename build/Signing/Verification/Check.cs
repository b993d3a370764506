using OpenStack.Diagnostics;

namespace OpenStack.Signing;

/// <summary>One thing that an image in a registry was checked for.</summary>
/// <param name="Subject">The image, or one of its platforms.</param>
/// <param name="Name">What has to hold.</param>
/// <param name="Problems">Why it does not; none when it does.</param>
public sealed record Check(string Subject, string Name, IReadOnlyList<Problem> Problems)
{
    public bool Holds => Problems.Count == 0;
}
