using OpenStack.Constraints;
using OpenStack.Indexes;

namespace OpenStack.Updates;

/// <summary>What of a distribution's versions images could have.</summary>
/// <param name="Fitting">The versions that they can, within the bound, lowest first: finals, or, while there are none,
/// what there is (PEP 440, "Handling of pre-releases").</param>
/// <param name="Beyond">The newest that they could have but for the bound; null where that keeps nothing out.</param>
/// <param name="Passed">Why the newest of all is none of these; empty where it is one.</param>
/// <param name="Unknown">Why it is not known of one that is newer than all of these; empty where everything is
/// known.</param>
public sealed record IndexChoice(IReadOnlyList<IndexedVersion> Fitting, IndexedVersion? Beyond, string Passed,
    string Unknown)
{
    /// <summary>The newest; null where there is none.</summary>
    public IndexedVersion? Newest => Fitting.Count > 0 ? Fitting[^1] : null;

    /// <param name="versions">Of the distribution.</param>
    /// <param name="bound">What a version must be besides.</param>
    public static IndexChoice Of(IReadOnlyList<IndexedVersion> versions, ImagePython python,
        IReadOnlyList<VersionSpecifier> bound)
    {
        var judged = versions.Select(x => (Version: x, Fit: x.FitFor(python))).OrderBy(x => x.Version.Version).ToList();
        var finals = judged.Where(x => !x.Version.Version.IsPreRelease).ToList();
        // A final that nobody can have is none.
        var considered = finals.Any(x => x.Fit.Answer != Answer.No) ? finals : judged;
        var admitted = considered.Where(x => x.Fit.Answer == Answer.Yes).Select(x => x.Version).ToList();
        var fitting = admitted.Where(x => bound.All(y => y.Admits(x.Version.Text))).ToList();
        var above = considered.Where(x => fitting.Count == 0 || x.Version.Version > fitting[^1].Version)
            .Where(x => bound.All(y => y.Admits(x.Version.Version.Text))).Reverse().ToList();
        return new IndexChoice(
            fitting,
            admitted.LastOrDefault(x => (fitting.Count == 0 || x.Version > fitting[^1].Version)
                && !fitting.Contains(x)),
            above.Where(x => x.Fit.Answer == Answer.No)
                .Select(x => $"{x.Version.Version} is not for images: {x.Fit.Why}").FirstOrDefault(""),
            above.Where(x => x.Fit.Answer == Answer.Unknown)
                .Select(x => $"whether images can have {x.Version.Version} is not known: {x.Fit.Why}")
                .FirstOrDefault(""));
    }
}
