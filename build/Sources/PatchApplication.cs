using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.Sources;

/// <summary>
/// Applies a series to a scratch copy of the source tree, on top of each other, and tells all that is wrong with it.
/// </summary>
/// <param name="git">Work tree to patch, which is worthless after an exception.</param>
/// <param name="original">The tree without patches.</param>
sealed class PatchApplication(Git git, AbsolutePath original, PatchSeries series)
{
    /// <summary>
    /// Applies every patch. Where one fails, those of its hunks that fit are applied all the same, so that the patches
    /// after it are judged on what they would find once it is mended.
    /// </summary>
    /// <exception cref="ProblemException">All hunks and files that failed, of all patches.</exception>
    public async Task<IReadOnlyList<AppliedPatch>> ApplyAsync(CancellationToken cancellation = default)
    {
        var problems = new List<Problem>();
        var applied = new List<AppliedPatch>();
        using var mails = PatchMails.Read(series);
        foreach (var mail in mails.All)
        {
            if (mail.Problems.Count > 0)
            {
                problems.AddRange(mail.Problems);
                continue;
            }

            var links = TouchesLinks(mail) ? TreeLinks.Of(git.WorkTree!) : null;
            var result = await ApplyAsync(git, mail, [], cancellation);
            if (!result.Succeeded)
            {
                problems.AddRange(await ExplainAsync(mail, result, cancellation));
                continue;
            }

            if (links is not null)
                problems.AddRange(TreeLinks.Of(git.WorkTree!).Check(links, mail, series.Label(mail.Source)));
            var offsets = ApplyReport.Applied(result.Error).SelectMany(x => x).ToList();
            if (offsets.Count > 0 && await IsInOriginalAsync(mail, cancellation)) problems.Add(AlreadyThere(mail));
            applied.Add(new AppliedPatch(mail.Name, mail.Digest, offsets, mail.Header, mail.Number));
        }

        ProblemException.ThrowIfAny(problems);
        return applied;
    }

    /// <summary>
    /// Whether a patch may make, move or change a symbolic link; of one that is changed by lines alone it says nothing.
    /// </summary>
    bool TouchesLinks(PatchMail mail) => mail.Text.Files.Any(x => x.IsSymbolicLink)
        || mail.Text.Names.Any(x => new FileInfo(git.WorkTree! / x).LinkTarget is not null);

    async Task<IEnumerable<Problem>> ExplainAsync(PatchMail mail, CommandResult result, CancellationToken cancellation)
    {
        if ((await ApplyAsync(git, mail, ["--reverse", "--check"], cancellation)).Succeeded)
            return [AlreadyThere(mail)];
        var diagnosis = await PatchDiagnosis.OfAsync(mail.Text, ReadAsync);
        await ApplyAsync(git, mail, ["--reject"], cancellation);
        var label = series.Label(mail.Source);
        if (diagnosis.Conflicts.Count == 0)
        {
            var reason = ApplyReport.Reason(result.Error);
            return [new Problem(series.Says($"the patch does not apply: {reason}"), label, mail.Line)];
        }

        var remedy = $"Rebase the patch onto the {series.Release} source of {series.Component}";
        return diagnosis.Conflicts.Select(x => new Problem(series.Says($"{x}"), label, x.PatchLine, Remedy: remedy));
    }

    /// <summary>
    /// Whether the change is where the patch expects it: it then applied only because the same lines occur a second
    /// time, and git would make the change twice.
    /// </summary>
    async Task<bool> IsInOriginalAsync(PatchMail mail, CancellationToken cancellation) =>
        ApplyReport.IsExact(
            await ApplyAsync(git with { WorkTree = original }, mail, ["--reverse", "--check"], cancellation));

    Problem AlreadyThere(PatchMail mail) => new(
        series.Says("the source has this change already"), series.Label(mail.Source), mail.Line,
        Remedy: $"{(mail.Number is null ? "Delete the patch" : "Take the mail out of the file")}; "
            + "CheckPatches names the commit");

    async Task<string?> ReadAsync(string name)
    {
        if (!PatchPath.IsInTree(name)) return null;
        var file = new FileInfo(git.WorkTree! / name);
        return file.LinkTarget ?? (file.Exists ? await File.ReadAllTextAsync(file.FullName, Encoding.Latin1) : null);
    }

    static Task<CommandResult> ApplyAsync(Git git, PatchMail mail, string[] options, CancellationToken cancellation) =>
        git.Command(["apply", "--verbose", "--whitespace=nowarn", .. options, "--", mail.File]).RunAsync(cancellation);
}
