using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Indexes;

namespace OpenStack.Updates;

/// <summary>
/// Compares the overrides and the build constraints of a release with the upper constraints and with a package index.
/// </summary>
/// <param name="versions">The versions of a distribution that the index has. It is asked only where the upper
/// constraints do not know.</param>
/// <param name="python">What images have.</param>
public sealed class PythonPinCheck(Func<PythonName, Task<IReadOnlyList<IndexedVersion>>> versions, ImagePython python)
{
    /// <param name="upper">The upper constraints as they are upstream.</param>
    /// <returns>The findings, and what could not be looked up: one that fails does not hide the others.</returns>
    public async Task<(IReadOnlyList<Finding> Findings, IReadOnlyList<Problem> Problems)> RunAsync(
        string release, UpperConstraints upper, ConstraintOverrides? overrides, BuildConstraints? build,
        string? buildFile)
    {
        var pins = upper.Pins.ToLookup(x => x.Key);
        var findings = await Task.WhenAll(
        [
            .. (overrides?.Items ?? [])
                .Where(x => x.Pin is not null)
                .Select(x => OverrideAsync(release, overrides!.File, x, [.. pins[x.Key]])),
            .. (build?.Requirements ?? []).Select(x => BuildAsync(release, buildFile!, x)),
        ]);
        return ([.. findings.Select(x => x.Finding)], [.. findings.Select(x => x.Problem).OfType<Problem>()]);
    }

    async Task<(Finding Finding, Problem? Problem)> OverrideAsync(string release, string file, ConstraintOverride item,
        IReadOnlyList<Pin> pins)
    {
        var finding = new Finding(Subject.Python, release, item.Name, item.Pin!.Version, FindingState.Current,
            File: file, Line: item.Line);
        if (item.Pin.Marker is { } marker && !python.Meets(marker))
            return (finding with { Detail = "no image meets its marker" }, null);
        if (pins.Count == 0)
        {
            var bound = PinBound.Of(item, out var problem);
            return problem is null ? await AskAsync(finding, item.Key, item.Pin.Version, bound)
                : (finding with { State = FindingState.Unknown, Detail = problem.Found },
                    problem with { File = file, Line = item.Line });
        }

        var upstream = pins.Where(x => item.Pin.Marker is null || item.Pin.Marker.Equals(x.Marker))
            .Select(x => x.Version)
            .ToList();
        if (upstream.Count > 0 && upstream.TrueForAll(x => PythonVersion.AreSame(x, item.Pin.Version)))
            return (finding with { State = FindingState.Obsolete, Detail = "the upper constraints say the same" },
                null);
        return upstream.Count > 0 && upstream.TrueForAll(x => IsOlder(item.Pin.Version, x))
            ? (finding with
            {
                State = FindingState.Obsolete,
                Newest = upstream[^1],
                Detail = "the upper constraints are newer",
            }, null)
            : (finding with
            {
                Detail = "the upper constraints say "
                    + $"{string.Join(" or ", upstream.DefaultIfEmpty("nothing of this marker"))}",
            }, null);
    }

    Task<(Finding Finding, Problem? Problem)> BuildAsync(string release, string file, Requirement requirement)
    {
        var written = string.Join(',', requirement.Specifiers);
        var finding = new Finding(Subject.Python, release, requirement.Name, written, FindingState.Current, File: file);
        var pinned = requirement.Specifiers is [{ Operator: "==" or "===", IsPrefix: false } only]
            ? only.Version
            : null;
        return AskAsync(finding, requirement.Key, pinned, pinned is null ? requirement.Specifiers : []);
    }

    /// <param name="pinned">The version that there is; null where a bound alone says which.</param>
    async Task<(Finding Finding, Problem? Problem)> AskAsync(Finding finding, PythonName name, string? pinned,
        IReadOnlyList<VersionSpecifier> bound)
    {
        try
        {
            var known = await versions(name);
            return (Judge(finding, known, IndexChoice.Of(known, python, bound), pinned), null);
        }
        catch (ProblemException e)
        {
            return (finding with { State = FindingState.Unknown, Detail = e.Problems[0].Found },
                e.Problems[0] with { File = finding.File, Line = finding.Line });
        }
    }

    static Finding Judge(Finding finding, IReadOnlyList<IndexedVersion> known, IndexChoice choice, string? pinned)
    {
        var newer = choice.Fitting.Where(x => pinned is not null && IsOlder(pinned, x.Version.Text))
            .Select(x => x.Version.Text).ToList();
        var detail = string.Join("; ",
            new[] { choice.Unknown, WhyNot(known, pinned), choice.Passed }.Where(x => x.Length > 0));
        if (newer.Count > 0)
            return finding with { State = FindingState.Outdated, Newest = newer[^1], Newer = newer, Detail = detail };
        if (choice.Unknown.Length > 0) return finding with { State = FindingState.Unknown, Detail = detail };
        if (choice.Beyond is { } beyond)
            return finding with { State = FindingState.Held, Newest = beyond.Version.Text, Detail = detail };
        return choice.Newest is null ? finding with
        {
            State = FindingState.Unknown,
            Detail = detail.Length > 0 ? detail : "the index has no version that can be installed"
        } : finding with { Detail = detail };
    }

    /// <summary>What is wrong with the version that is pinned: it is not there, or yanked. Empty where nothing
    /// is.</summary>
    static string WhyNot(IReadOnlyList<IndexedVersion> known, string? pinned)
    {
        if (pinned is null || PythonVersion.TryParse(pinned) is not { } version) return "";
        return known.FirstOrDefault(x => x.Version == version.WithoutLocal()) is not { } there
            ? $"the index has no {pinned}" : there.IsYanked ? $"{pinned} is yanked" : "";
    }

    static bool IsOlder(string ours, string theirs) =>
        PythonVersion.TryParse(ours) is { } x && PythonVersion.TryParse(theirs) is { } y && x < y;
}
