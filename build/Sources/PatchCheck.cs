using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.Sources;

/// <summary>
/// Tells what becomes of the patches of a series, on the mirror of the component: no tree is checked out. Patches are
/// judged on top of those before them that apply.
/// </summary>
sealed class PatchCheck(Mirror mirror, ResolvedRef source, PatchSeries series)
{
    readonly UpstreamSearch _upstream = new(mirror, source.Commit);
    readonly Dictionary<int, PatchVerdict> _verdicts = [];
    readonly List<Candidate> _failed = [];

    /// <exception cref="ProblemException">The mirror cannot be had.</exception>
    public async Task<SeriesVerdict> RunAsync(CancellationToken cancellation = default)
    {
        using var mails = PatchMails.Read(series);
        var patches = new List<Candidate>();
        foreach (var (i, mail) in mails.All.Index())
        {
            var verdict = new PatchVerdict(mail.Name, mail.Digest, PatchState.Applies, mail.Header);
            var candidate = new Candidate(i, mail, verdict with { Mail = mail.Number });
            if (mail.Problems.Count == 0) patches.Add(candidate);
            else Add(candidate, Invalid(candidate, mail.Problems));
        }

        _ = await mirror.EnsureAsync(source.Commit, source.Change, cancellation);
        var names = patches.SelectMany(x => x.Text.Names).Distinct(StringComparer.Ordinal).ToList();
        if (!await MirrorContents.EnsureAsync(mirror, [$"{source.Commit}^{{tree}}"], names, cancellation))
            throw new ProblemException(
                $"{source.Component}: the files of {source.Ref} that its patches change cannot be had",
                "Check the network and run the same command again");
        using (var scratch = await ScratchRepository.OfAsync(mirror, source.Commit, cancellation))
        {
            var tree = await scratch.ListAsync(cancellation);
            TreeEntry.CheckNames(tree, source.Component, source.Ref);
            var links = tree.Where(x => x.IsLink).Select(x => x.Name).ToHashSet(StringComparer.Ordinal);
            for (var done = 0; done < patches.Count;)
            {
                // Where a patch may change where links lead, that is looked at before and after.
                var rest = patches[done..];
                var plain = rest.TakeWhile(x => !TouchesLinks(x, links)).ToList();
                if (plain.Count > 0) await JudgeAsync(scratch, plain, cancellation);
                else await JudgeLinksAsync(scratch, rest[0], links, cancellation);
                done += Math.Max(plain.Count, 1);
            }
        }

        return new SeriesVerdict(series.Component, series.Release, source,
            [.. _verdicts.OrderBy(x => x.Key).Select(x => x.Value)]);
    }

    static bool TouchesLinks(Candidate patch, HashSet<string> links) =>
        patch.Text.Files.Any(x => x.IsSymbolicLink || x.Names.Any(links.Contains));

    async Task JudgeLinksAsync(
        ScratchRepository scratch, Candidate patch, HashSet<string> links, CancellationToken cancellation)
    {
        var before = await TreeLinks.OfAsync(scratch, mirror, source.Commit, cancellation);
        await JudgeAsync(scratch, [patch], cancellation);
        if (_verdicts[patch.Index].IsLeftOut) return;
        links.UnionWith(patch.Text.Files.Select(x => x.NewName).OfType<string>());
        var problems = (await TreeLinks.OfAsync(scratch, mirror, source.Commit, cancellation))
            .Check(before, patch.Mail, series.Label(patch.Mail.Source));
        if (problems.Count == 0) return;
        scratch.Undo();
        Add(patch, Invalid(patch, problems));
    }

    void Add(Candidate patch, PatchVerdict verdict)
    {
        _verdicts[patch.Index] = verdict;
        if (verdict.IsLeftOut && verdict.State != PatchState.Upstream) _failed.Add(patch);
    }

    /// <summary>
    /// As many patches as apply go through one process; each one that does not is looked at by itself.
    /// </summary>
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
            {
                var state = offsets[i].Count > 0 ? PatchState.Offset : PatchState.Applies;
                Add(rest[i], rest[i].Verdict with { State = state, Offsets = offsets[i] });
            }

            done += good;
            if (good == rest.Count) return;
            if (result.Succeeded) scratch.Undo();
            if (good > 0) (await scratch.ApplyAsync(rest[..good].Select(x => x.File), cancellation)).RequireSuccess();
            var verdict = twice is not null ? UpstreamAsync(rest[good], cancellation)
                : ExplainAsync(scratch, rest[good], result, cancellation);
            Add(rest[good], await verdict);
            done++;
        }
    }

    /// <summary>
    /// The first patch that applies, with an offset, though the source has its change where the patch expects it: the
    /// same lines occur a second time, and git would make the change twice.
    /// </summary>
    static async Task<int?> FirstThatWouldApplyTwiceAsync(
        ScratchRepository scratch, List<Candidate> patches, IReadOnlyList<IReadOnlyList<HunkOffset>> offsets,
        CancellationToken cancellation)
    {
        for (var i = 0; i < offsets.Count; i++)
        {
            if (offsets[i].Count > 0 && await scratch.OriginalHasAsync(patches[i].File, exactly: true, cancellation))
                return i;
        }

        return null;
    }

    async Task<PatchVerdict> ExplainAsync(ScratchRepository scratch, Candidate patch, CommandResult result,
        CancellationToken cancellation)
    {
        if (await scratch.HasAsync(patch.File, cancellation)
            || await scratch.OriginalHasAsync(patch.File, exactly: false, cancellation))
            return await UpstreamAsync(patch, cancellation);
        var diagnosis = await PatchDiagnosis.OfAsync(patch.Text, scratch.ReadAsync);
        if (diagnosis.Conflicts.Count + diagnosis.There.Count == 0)
            return Invalid(patch, [new Problem($"git cannot apply the patch: {ApplyReport.Reason(result.Error)}")]);
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
    IReadOnlyList<string> FailedOnSameFiles(Candidate patch) => [.. _failed
        .Where(x => x.Index < patch.Index && x.Text.Names.Intersect(patch.Text.Names, StringComparer.Ordinal).Any())
        .Select(x => x.Verdict.Title)];

    /// <param name="Index">Among the patches of the series.</param>
    sealed record Candidate(int Index, PatchMail Mail, PatchVerdict Verdict)
    {
        public AbsolutePath File => Mail.File;

        public PatchText Text => Mail.Text;
    }
}
