using System.Text.RegularExpressions;

namespace OpenStack.Updates;

/// <summary>
/// A tag that names one build by the commit of this repository: <c>28.0.2-p1-main-a1b2c3d</c>, <c>2025.2-a1b2c3d</c>, a
/// full commit.
/// </summary>
/// <param name="Name">What stands behind the colon.</param>
/// <param name="Line">The builds that follow one another: a branch, a release, or all of a base image.</param>
/// <param name="Commit">The commit, as long as the tag has it.</param>
public sealed partial record BuildTag(string Name, string Line, string Commit)
{
    /// <summary>Null for any other tag: those move, and never get old.</summary>
    public static BuildTag? Parse(string tag)
    {
        if (Composite().Match(tag) is { Success: true } composite)
            return new BuildTag(tag, $"branch {composite.Groups["branch"].Value}", composite.Groups["commit"].Value);
        if (OfRelease().Match(tag) is { Success: true } release)
            return new BuildTag(tag, $"release {release.Groups["release"].Value}", release.Groups["commit"].Value);
        return OfBase().Match(tag) is { Success: true } ofBase
            ? new BuildTag(tag, "base", ofBase.Groups["commit"].Value)
            : null;
    }

    [GeneratedRegex(@"-p[0-9]+-(?<branch>.+)-(?<commit>[0-9a-f]{7})(?:-dirty)?\z")]
    private static partial Regex Composite();

    [GeneratedRegex(@"^(?<release>[0-9]{4}\.[12])-(?<commit>[0-9a-f]{7})\z")]
    private static partial Regex OfRelease();

    [GeneratedRegex(@"^(?<commit>[0-9a-f]{40})(?:-dirty)?\z")]
    private static partial Regex OfBase();
}
