using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Updates;

/// <summary>Compares the overrides and the build constraints of a release with the upper constraints and with a package index.</summary>
/// <param name="newest">The newest version of a distribution, null where it has none. It is asked only where the upper constraints do not know.</param>
public sealed class PythonPinCheck(Func<PythonName, Task<string?>> newest)
{
    /// <param name="upper">The upper constraints as they are upstream.</param>
    /// <returns>The findings, and what could not be looked up: one that fails does not hide the others.</returns>
    public async Task<(IReadOnlyList<Finding> Findings, IReadOnlyList<Problem> Problems)> RunAsync(
        string release, UpperConstraints upper, ConstraintOverrides? overrides, BuildConstraints? build, string? buildFile)
    {
        var pins = upper.Pins.ToLookup(x => x.Key);
        var findings = await Task.WhenAll(
        [
            .. (overrides?.Items ?? []).Where(x => x.Pin is not null).Select(x => OverrideAsync(release, overrides!.File, x, [.. pins[x.Key]])),
            .. (build?.Requirements ?? []).Select(x => BuildAsync(release, buildFile!, x)),
        ]);
        return ([.. findings.Select(x => x.Finding)], [.. findings.Select(x => x.Problem).OfType<Problem>()]);
    }

    async Task<(Finding Finding, Problem? Problem)> OverrideAsync(string release, string file, ConstraintOverride item, IReadOnlyList<Pin> pins)
    {
        var finding = new Finding(Subject.Python, release, item.Name, item.Pin!.Version, FindingState.Current, File: file, Line: item.Line);
        if (pins.Count == 0) return await AskAsync(finding, item.Key, x => IsOlder(item.Pin.Version, x));
        var upstream = pins.Where(x => item.Pin.Marker is null || item.Pin.Marker.Equals(x.Marker)).Select(x => x.Version).ToList();
        if (upstream.Count > 0 && upstream.TrueForAll(x => x == item.Pin.Version)) return (finding with { State = FindingState.Obsolete, Detail = "the upper constraints say the same" }, null);
        return upstream.Count > 0 && upstream.TrueForAll(x => IsOlder(item.Pin.Version, x))
            ? (finding with { State = FindingState.Obsolete, Newest = upstream[^1], Detail = "the upper constraints are newer" }, null)
            : (finding with { Detail = $"the upper constraints say {string.Join(" or ", upstream.DefaultIfEmpty("nothing of this marker"))}" }, null);
    }

    Task<(Finding Finding, Problem? Problem)> BuildAsync(string release, string file, Requirement requirement)
    {
        var written = string.Join(',', requirement.Specifiers);
        var finding = new Finding(Subject.Python, release, requirement.Name, written, FindingState.Current, File: file);
        var pinned = requirement.Specifiers is [{ Operator: "==" or "===", IsPrefix: false } only] ? only.Version : null;
        return AskAsync(finding, requirement.Key, x => pinned is not null && IsOlder(pinned, x), x => pinned is null && requirement.Specifiers.Any(y => !y.Admits(x)));
    }

    async Task<(Finding Finding, Problem? Problem)> AskAsync(Finding finding, PythonName name, Func<string, bool> isOutdated, Func<string, bool>? isHeld = null)
    {
        try
        {
            if (await newest(name) is not { } version) return (finding with { State = FindingState.Unknown, Detail = "the index has no version that can be installed" }, null);
            var state = isOutdated(version) ? FindingState.Outdated : isHeld?.Invoke(version) == true ? FindingState.Held : FindingState.Current;
            return (finding with { State = state, Newest = state == FindingState.Current ? null : version, Newer = state == FindingState.Outdated ? [version] : [] }, null);
        }
        catch (ProblemException e)
        {
            return (finding with { State = FindingState.Unknown, Detail = e.Problems[0].Found }, e.Problems[0] with { File = finding.File, Line = finding.Line });
        }
    }

    static bool IsOlder(string ours, string theirs) => PythonVersion.TryParse(ours) is { } x && PythonVersion.TryParse(theirs) is { } y && x < y;
}
