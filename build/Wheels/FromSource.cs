using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Wheels;

/// <summary>Which distributions images get built from source, where an index has wheels of them, too.</summary>
/// <param name="Names">Of distributions, normalised and sorted; <see cref="All"/> alone for all of them.</param>
public sealed record FromSource(IReadOnlyList<string> Names)
{
    public const string All = "all";

    public static FromSource None { get; } = new([]);

    /// <exception cref="ProblemException">All that are no names.</exception>
    public static FromSource Parse(IReadOnlyList<string> texts)
    {
        ProblemException.ThrowIfAny([.. texts.Where(x => !PythonName.IsValid(x)).Select(x => new Problem(
            $"--from-source has the value '{x}'", Expected: "names of Python distributions, or 'all'"))]);
        return texts.Contains(All)
            ? new FromSource([All])
            : new FromSource([.. texts.Select(x => PythonName.Of(x).Value).Distinct().Order(StringComparer.Ordinal)]);
    }

    /// <summary>What no image has; a name that is not written as its distribution is would change nothing.</summary>
    /// <param name="closures">What the images have.</param>
    public IReadOnlyList<Problem> Unknown(IEnumerable<IReadOnlyList<LockedDistribution>> closures)
    {
        var known = closures.SelectMany(x => x).Select(x => x.Name).ToHashSet(StringComparer.Ordinal);
        return [.. Names.Where(x => x != All && !known.Contains(x)).Select(x => new Problem(
            $"--from-source names {x}, which none of the selected images has",
            Remedy: Suggest.DidYouMean(x, known, "Leave it out")))];
    }
}
