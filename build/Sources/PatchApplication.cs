using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>Applies a series to a scratch copy of the source tree, on top of each other, and tells all that is wrong with it.</summary>
static class PatchApplication
{
    /// <summary>
    /// Applies every patch. Where one fails, those of its hunks that fit are applied all the same, so that the patches after it
    /// are judged on what they would find once it is mended.
    /// </summary>
    /// <param name="git">Work tree to patch, which is worthless after an exception.</param>
    /// <exception cref="ProblemException">All hunks and files that failed, of all patches.</exception>
    public static async Task<IReadOnlyList<AppliedPatch>> ApplyAsync(Git git, PatchSeries series, CancellationToken cancellation = default)
    {
        var problems = new List<Problem>();
        var applied = new List<AppliedPatch>();
        foreach (var file in series.Files)
        {
            var text = PatchText.Read(file, series.Label(file), out var unreadable);
            if (unreadable is not null)
            {
                problems.Add(unreadable);
                continue;
            }

            var result = await ApplyAsync(git, file, [], cancellation);
            if (result.Succeeded) applied.Add(new AppliedPatch(file.Name, Digest.OfFile(file), ApplyReport.Offsets(result.Error)));
            else problems.AddRange(await ExplainAsync(git, series, file, text, result, cancellation));
        }

        ProblemException.ThrowIfAny(problems);
        return applied;
    }

    static async Task<IEnumerable<Problem>> ExplainAsync(
        Git git, PatchSeries series, AbsolutePath file, PatchText text, CommandResult result, CancellationToken cancellation)
    {
        var isThere = (await ApplyAsync(git, file, ["--reverse", "--check"], cancellation)).Succeeded;
        var report = await ApplyAsync(git, file, ["--reject"], cancellation);
        var failures = ApplyReport.Failures(report.Error);
        if (failures.Count == 0) failures = [new ApplyFailure("", 0, 0, result.Tail(1))];
        var remedy = isThere
            ? "The source has this change already: delete the patch"
            : $"Rebase the patch onto the {series.Release} source of {series.Component}";
        return failures.Select(x => new Problem(
            x.Hunk > 0
                ? $"{series.Release} {series.Component}: hunk {x.Hunk} does not apply to {x.File} near line {x.SourceLine}: {x.Reason}"
                : $"{series.Release} {series.Component}: the patch does not apply{(x.File.Length > 0 ? $" to {x.File}" : "")}: {x.Reason}",
            series.Label(file), text.LineOfHunk(x.File, x.Hunk), Remedy: remedy));
    }

    static Task<CommandResult> ApplyAsync(Git git, AbsolutePath file, string[] options, CancellationToken cancellation) =>
        git.Command(["apply", "--verbose", "--whitespace=nowarn", .. options, "--", file]).RunAsync(cancellation);
}
