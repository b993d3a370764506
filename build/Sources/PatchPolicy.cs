using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>States of patches that are errors.</summary>
public enum PatchPolicy
{
    /// <summary>Patches that cannot be applied, or only in part.</summary>
    Conflict,

    /// <summary>Patches whose change the source has already.</summary>
    Upstream,

    /// <summary>Patches of which hunks are at other lines than they say.</summary>
    Offset,

    /// <summary>Nothing is an error.</summary>
    None,
}

/// <summary>Applies policies to a report.</summary>
static class PatchPolicies
{
    /// <exception cref="ProblemException">The policies contradict each other.</exception>
    public static void Check(IReadOnlyList<PatchPolicy> policies)
    {
        if (policies.Contains(PatchPolicy.None) && policies.Any(x => x != PatchPolicy.None))
            throw new ProblemException(new Problem("--fail-on has 'none' and other values",
                Expected: "'none' alone, or some of 'conflict', 'upstream' and 'offset'"));
    }

    /// <summary>What is an error by these policies, at the line of the patch where it shows.</summary>
    public static IReadOnlyList<Problem> Violations(PatchReport report, IReadOnlyList<PatchPolicy> policies) =>
        [.. from series in report.Series from patch in series.Patches where PolicyOf(patch.State) is { } policy
            && policies.Contains(policy) from x in Describe(series, patch) select x];

    static PatchPolicy? PolicyOf(PatchState state) => state switch
    {
        PatchState.Applies => null,
        PatchState.Offset => PatchPolicy.Offset,
        PatchState.Upstream => PatchPolicy.Upstream,
        _ => PatchPolicy.Conflict,
    };

    static IEnumerable<Problem> Describe(SeriesVerdict series, PatchVerdict patch)
    {
        var (label, where) = (series.LabelOf(patch), $"{series.Release} {series.Component}");
        if (patch.State == PatchState.Invalid) return patch.Reasons.Select(x => new Problem(x, label, patch.Line));
        var remedy = PatchWords.Remedy(series, patch);
        if (patch.Conflicts.Count > 0)
            return patch.Conflicts.Select(x => new Problem($"{where}: {x}", label, x.PatchLine, Remedy: remedy));
        var found = patch.State == PatchState.PartlyUpstream
            ? $"the patch does not apply: {PatchWords.Parts(patch)}"
            : $"{PatchWords.Of(patch.State)}: {PatchWords.Detail(patch)}";
        return [new Problem($"{where}: {found}", label, Remedy: remedy)];
    }
}
