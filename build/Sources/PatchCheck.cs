using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// Tells what becomes of the patches of a series, on the mirror of the component: no tree is checked out. Patches are judged on
/// top of those before them that apply.
/// </summary>
sealed class PatchCheck(Mirror mirror, ResolvedRef source, PatchSeries series)
{
    readonly UpstreamSearch _upstream = new(mirror, source.Commit);
    readonly List<PatchVerdict> _verdicts = [];

    /// <exception cref="ProblemException">The mirror cannot be had.</exception>
    public async Task<SeriesVerdict> RunAsync(CancellationToken cancellation = default)
    {
        var patches = new List<Candidate>();
        foreach (var file in series.Files)
        {
            var text = PatchText.Read(file);
            var candidate = new Candidate(file, text, new PatchVerdict(file.Name, Digest.OfFile(file), PatchState.Applies, PatchHeader.Parse(text.Text)));
            var problems = PatchRules.Check(text, series.Label(file));
            if (problems.Count == 0) patches.Add(candidate);
            else _verdicts.Add(Invalid(candidate, problems));
        }

        _ = await mirror.EnsureAsync(source.Commit, cancellation);
        if (!await MirrorContents.EnsureAsync(mirror, [$"{source.Commit}^{{tree}}"], [.. patches.SelectMany(x => x.Text.Names).Distinct(StringComparer.Ordinal)], cancellation))
            throw new ProblemException($"{source.Component}: the files of {source.Ref} that its patches change cannot be had", "Check the network and run the same command again");
        using (var scratch = await ScratchRepository.OfAsync(mirror, source.Commit, cancellation)) await JudgeAsync(scratch, patches, cancellation);
        return new SeriesVerdict(series.Component, series.Release, source, [.. _verdicts.OrderBy(x => x.Name, StringComparer.Ordinal)]);
    }

    /// <summary>As many patches as apply go through one process; each one that does not is looked at by itself.</summary>
    async Task JudgeAsync(ScratchRepository scratch, List<Candidate> patches, CancellationToken cancellation)
    {
        for (var done = 0; done < patches.Count;)
        {
            var rest = patches[done..];
            var result = await scratch.ApplyAsync(rest.Select(x => x.File), cancellation);
            var offsets = ApplyReport.Applied(result.Error);
            var twice = await FirstThatWouldApplyTwiceAsync(scratch, rest, offsets, cancellation);
            var good = twice ?? (result.Succeeded ? rest.Count : Math.Min(offsets.Count, rest.Count - 1));
            for (var i = 0; i < good; i++)
                _verdicts.Add(rest[i].Verdict with { State = offsets[i].Count > 0 ? PatchState.Offset : PatchState.Applies, Offsets = offsets[i] });
            done += good;
            if (good == rest.Count) return;
            if (result.Succeeded) scratch.Undo();
            if (good > 0) (await scratch.ApplyAsync(rest[..good].Select(x => x.File), cancellation)).RequireSuccess();
            _verdicts.Add(twice is not null ? await UpstreamAsync(rest[good], cancellation) : await ExplainAsync(scratch, rest[good], result, cancellation));
            done++;
        }
    }

    /// <summary>
    /// The first patch that applies, with an offset, though the source has its change where the patch expects it: the same lines
    /// occur a second time, and git would make the change twice.
    /// </summary>
    static async Task<int?> FirstThatWouldApplyTwiceAsync(
        ScratchRepository scratch, List<Candidate> patches, IReadOnlyList<IReadOnlyList<HunkOffset>> offsets, CancellationToken cancellation)
    {
        for (var i = 0; i < offsets.Count; i++)
        {
            if (offsets[i].Count > 0 && await scratch.OriginalHasAsync(patches[i].File, exactly: true, cancellation)) return i;
        }

        return null;
    }

    async Task<PatchVerdict> ExplainAsync(ScratchRepository scratch, Candidate patch, CommandResult result, CancellationToken cancellation)
    {
        if (await scratch.HasAsync(patch.File, cancellation) || await scratch.OriginalHasAsync(patch.File, exactly: false, cancellation))
            return await UpstreamAsync(patch, cancellation);
        var diagnosis = await PatchDiagnosis.OfAsync(patch.Text, scratch.ReadAsync);
        if (diagnosis.Conflicts.Count + diagnosis.There.Count == 0) return Invalid(patch, [new Problem($"git cannot apply the patch: {ApplyReport.Reason(result.Error)}")]);
        return patch.Verdict with
        {
            State = diagnosis.There.Count > 0 ? PatchState.PartlyUpstream : PatchState.Conflict,
            Conflicts = diagnosis.Conflicts,
            There = diagnosis.There,
            Line = diagnosis.Conflicts.Select(x => x.PatchLine).FirstOrDefault(),
            AfterFailed = FailedOnSameFiles(patch),
            Upstream = await _upstream.FindOtherVersionAsync(patch.Text, patch.Verdict.Header, cancellation),
        };
    }

    async Task<PatchVerdict> UpstreamAsync(Candidate patch, CancellationToken cancellation) => patch.Verdict with
    {
        State = PatchState.Upstream,
        Upstream = await _upstream.FindAsync(patch.Text, patch.Verdict.Header, cancellation),
    };

    static PatchVerdict Invalid(Candidate patch, IReadOnlyList<Problem> problems) => patch.Verdict with
    {
        State = PatchState.Invalid,
        Line = problems[0].Line,
        Reasons = [.. problems.Select(x => (x with { File = null }).ToString())],
    };

    /// <summary>Patches that come before this one, are not applied, and would have changed a file of it.</summary>
    IReadOnlyList<string> FailedOnSameFiles(Candidate patch) => [.. series.Files
        .TakeWhile(x => x != patch.File)
        .Where(x => _verdicts.Exists(v => v.Name == x.Name && v.IsLeftOut && v.State != PatchState.Upstream))
        .Where(x => PatchText.Read(x).Names.Intersect(patch.Text.Names, StringComparer.Ordinal).Any())
        .Select(x => x.Name)];

    sealed record Candidate(AbsolutePath File, PatchText Text, PatchVerdict Verdict);
}
