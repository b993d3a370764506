using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>Applies a series to a scratch copy of the source tree, on top of each other, and tells all that is wrong with it.</summary>
/// <param name="git">Work tree to patch, which is worthless after an exception.</param>
/// <param name="original">The tree without patches.</param>
sealed class PatchApplication(Git git, AbsolutePath original, PatchSeries series)
{
    /// <summary>
    /// Applies every patch. Where one fails, those of its hunks that fit are applied all the same, so that the patches after it
    /// are judged on what they would find once it is mended.
    /// </summary>
    /// <exception cref="ProblemException">All hunks and files that failed, of all patches.</exception>
    public async Task<IReadOnlyList<AppliedPatch>> ApplyAsync(CancellationToken cancellation = default)
    {
        var problems = new List<Problem>();
        var applied = new List<AppliedPatch>();
        foreach (var file in series.Files)
        {
            var text = PatchText.Read(file);
            if (PatchRules.Check(text, series.Label(file)) is { Count: > 0 } unreadable)
            {
                problems.AddRange(unreadable);
                continue;
            }

            var result = await ApplyAsync(git, file, [], cancellation);
            if (!result.Succeeded)
            {
                problems.AddRange(await ExplainAsync(file, text, result, cancellation));
                continue;
            }

            var offsets = ApplyReport.Applied(result.Error).SelectMany(x => x).ToList();
            if (offsets.Count > 0 && await IsInOriginalAsync(file, cancellation)) problems.Add(AlreadyThere(file));
            applied.Add(new AppliedPatch(file.Name, Digest.OfFile(file), offsets, PatchHeader.Parse(text.Text)));
        }

        ProblemException.ThrowIfAny(problems);
        return applied;
    }

    async Task<IEnumerable<Problem>> ExplainAsync(AbsolutePath file, PatchText text, CommandResult result, CancellationToken cancellation)
    {
        if ((await ApplyAsync(git, file, ["--reverse", "--check"], cancellation)).Succeeded) return [AlreadyThere(file)];
        var diagnosis = await PatchDiagnosis.OfAsync(text, ReadAsync);
        await ApplyAsync(git, file, ["--reject"], cancellation);
        if (diagnosis.Conflicts.Count == 0) return [new Problem(series.Says($"the patch does not apply: {ApplyReport.Reason(result.Error)}"), series.Label(file))];
        var remedy = $"Rebase the patch onto the {series.Release} source of {series.Component}";
        return diagnosis.Conflicts.Select(x => new Problem(series.Says($"{x}"), series.Label(file), x.PatchLine, Remedy: remedy));
    }

    /// <summary>
    /// Whether the change is where the patch expects it: it then applied only because the same lines occur a second time, and git
    /// would make the change twice.
    /// </summary>
    async Task<bool> IsInOriginalAsync(AbsolutePath file, CancellationToken cancellation) =>
        ApplyReport.IsExact(await ApplyAsync(git with { WorkTree = original }, file, ["--reverse", "--check"], cancellation));

    Problem AlreadyThere(AbsolutePath file) => new(
        series.Says("the source has this change already"), series.Label(file), Remedy: "Delete the patch; CheckPatches names the commit");

    async Task<string?> ReadAsync(string name)
    {
        if (!PatchPath.StaysInTree("", name)) return null;
        var file = new FileInfo(git.WorkTree! / name);
        return file.LinkTarget ?? (file.Exists ? await File.ReadAllTextAsync(file.FullName, Encoding.Latin1) : null);
    }

    static Task<CommandResult> ApplyAsync(Git git, AbsolutePath file, string[] options, CancellationToken cancellation) =>
        git.Command(["apply", "--verbose", "--whitespace=nowarn", .. options, "--", file]).RunAsync(cancellation);
}
