using System.Globalization;
using System.Text;
using LibGit2Sharp;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Backports;

/// <summary>A merged tree, or why there is none.</summary>
/// <param name="Tree">Its id; null where there are conflicts.</param>
sealed record MergedTree(string? Tree, IReadOnlyList<PickConflict> Conflicts);

/// <summary>
/// A repository for a moment in which changes are merged without a work tree, as <c>git cherry-pick</c> and <c>git am
/// -3</c> merge them, over the objects of mirrors that it borrows. The mirrors are left as they are.
/// </summary>
sealed class PickRepository : IDisposable
{
    const string Branch = "refs/heads/backport";

    /// <summary>
    /// Whose commits those are that nobody sees. They are younger than all others: git looks at the youngest first, and
    /// finds what two sides come from without a walk through all of history.
    /// </summary>
    const string Nobody = "OpenStack images <openstack-images@localhost> 4102444800 +0000";

    /// <summary>What git does by itself, whatever the user has configured.</summary>
    static readonly string[] s_plain =
    [
        "-c", "merge.renames=true", "-c", "merge.directoryRenames=conflict", "-c", "merge.conflictStyle=merge",
        "-c", "merge.renormalize=false", "-c", "remote.origin.promisor=true",
    ];

    readonly Mirror _mirror;
    readonly Repository _objects;

    PickRepository(AbsolutePath directory, Mirror mirror)
    {
        Git = new Git { Directory = directory };
        _mirror = mirror;
        _objects = GitObjects.Open(directory);
    }

    public Git Git { get; }

    /// <param name="mirror">Holds the release.</param>
    /// <param name="lenders">Git directories that have what is merged into it.</param>
    public static PickRepository Of(Mirror mirror, params IReadOnlyList<AbsolutePath> lenders)
    {
        AbsolutePath directory = Directory.CreateTempSubdirectory("backport-").FullName;
        BorrowingRepository.Make(directory, $"ref: {Branch}",
            [.. lenders.Prepend(mirror.Directory).Distinct()]);
        Directory.CreateDirectory(directory / "info");
        File.WriteAllText(directory / "info" / "attributes", Mirror.RawAttributes);
        return new PickRepository(directory, mirror);
    }

    public void Dispose()
    {
        _objects.Dispose();
        Removal.Remove(Git.Directory!);
    }

    /// <summary>The tree of a commit with patches, which apply.</summary>
    /// <exception cref="ProblemException">They do not.</exception>
    public async Task<string> TreeOfAsync(string commit, PatchSeries series, IReadOnlyList<PatchMail> patches,
        CancellationToken cancellation)
    {
        if (patches.Count == 0)
            return (await Git.Command("rev-parse", $"{commit}^{{tree}}").RequireAsync(cancellation)).Text;
        var problems = patches.SelectMany(x => x.Problems).ToList();
        ProblemException.ThrowIfAny(problems);
        await Git.Command("read-tree", commit).RequireAsync(cancellation);
        var applied = await ApplyAsync([], patches.Select(x => x.File), cancellation);
        if (!applied.Succeeded)
            throw new ProblemException(series.Says("the patches that are there do not apply, so that nothing can be "
                + $"put on top of them: {ApplyReport.Reason(applied.Error)}"), "Mend them first: see CheckPatches");
        return await WriteTreeAsync(cancellation);
    }

    /// <summary>The change on top of a tree.</summary>
    public Task<MergedTree> PickAsync(UpstreamChange change, string tree, CancellationToken cancellation) =>
        change.Commit is null ? ApplyAsync(change, tree, cancellation) : MergeAsync(change, tree, cancellation);

    /// <summary>Three-way, with the parent of the commit as what both sides come from.</summary>
    async Task<MergedTree> MergeAsync(UpstreamChange change, string tree, CancellationToken cancellation)
    {
        var ours = Write(tree, change.Parent, Nobody, "The release\n");
        string[] merge = [.. s_plain, "merge-tree", "--write-tree", "-z", "--messages", "--allow-unrelated-histories",
            ours, change.Commit!];
        var (exit, output) = await ReadAsync(Git.Command(merge), cancellation);
        // Contents that the mirror has left with its remote: those of a file that has another name here.
        if (exit.ExitCode is not (0 or 1) && !_mirror.IsOffline)
            (exit, output) = await ReadAsync((_mirror.Online with { Directory = Git.Directory }).Command(merge),
                cancellation);
        if (exit.ExitCode is not (0 or 1))
            throw new ProblemException($"{_mirror.Component}: git cannot merge {change}: {exit.Tail(3)}",
                "Check the network and run the same command again");
        return exit.Succeeded ? new MergedTree(output[0], [])
            : new MergedTree(null, await ConflictsAsync(output, ours, change.Commit!, cancellation));
    }

    static async Task<(CommandResult Exit, string[] Output)> ReadAsync(Command command, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        var exit = await (command with { OutputReader = (stream, token) => stream.CopyToAsync(output, token) })
            .RunAsync(cancellation);
        return (exit, Encoding.UTF8.GetString(output.ToArray()).Split('\0'));
    }

    /// <summary>git-merge-tree, OUTPUT: the tree, files with conflicts, nothing, and messages, each with how many files
    /// it is about, these, what kind it is, and a text.</summary>
    async Task<IReadOnlyList<PickConflict>> ConflictsAsync(string[] output, string ours, string theirs,
        CancellationToken cancellation)
    {
        var conflicts = new List<PickConflict>();
        for (var i = Array.IndexOf(output, "") + 1; i + 1 < output.Length;)
        {
            var count = int.Parse(output[i], CultureInfo.InvariantCulture);
            var (files, text) = (output[(i + 1)..(i + 1 + count)], output[i + count + 2]);
            i += count + 3;
            if (!text.StartsWith("CONFLICT", StringComparison.Ordinal)) continue;
            var marked = PickConflict.In(files[0], await ReadAsync($"{output[0]}:{files[0]}", cancellation)).ToList();
            var said = text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim().TrimEnd('.');
            conflicts.AddRange(marked.Count > 0 ? marked
                : [new PickConflict(files[0], 0, said.Replace(ours, "the release", StringComparison.Ordinal)
                    .Replace(theirs, "the change", StringComparison.Ordinal), [], [])]);
        }

        return conflicts;
    }

    async Task<string> ReadAsync(string blob, CancellationToken cancellation) =>
        await BlobBatch.ReadAsync(Git, [blob], cancellation) is [{ } contents]
            ? Encoding.UTF8.GetString(contents) : "";

    /// <summary>As it stands, and where that fails three-way, if what the mail was made from is known here.</summary>
    async Task<MergedTree> ApplyAsync(UpstreamChange change, string tree, CancellationToken cancellation)
    {
        await Git.Command("read-tree", tree).RequireAsync(cancellation);
        if ((await ApplyAsync([], [change.Patch!], cancellation)).Succeeded)
            return new MergedTree(await WriteTreeAsync(cancellation), []);
        if ((await ApplyAsync(["--reverse", "--check"], [change.Patch!], cancellation)).Succeeded)
            return new MergedTree(tree, []);
        var diagnosis = await PatchDiagnosis.OfAsync(change.Text, async x =>
            (await BlobBatch.ReadAsync(Git, [$":{x}"], cancellation))[0] is { } contents
                ? Encoding.Latin1.GetString(contents) : null);
        await MailOrigin.FetchAsync(_mirror, change.Text, cancellation);
        var merged = await ApplyAsync(["--3way"], [change.Patch!], cancellation);
        if (merged.Succeeded) return new MergedTree(await WriteTreeAsync(cancellation), []);
        return new MergedTree(null, diagnosis.Conflicts.Count == 0
            ? [new PickConflict(change.Text.Names[0], 0, ApplyReport.Reason(merged.Error), [], [])]
            : [.. diagnosis.Conflicts.Select(x => new PickConflict(x.File, x.SourceLine, x.Reason, x.Found,
                x.Expected))]);
    }

    Task<CommandResult> ApplyAsync(string[] options, IEnumerable<AbsolutePath> patches,
        CancellationToken cancellation) =>
        Git.Command(["apply", "--cached", "--whitespace=nowarn", .. options, "--", .. patches.Select(x => (string)x)])
            .RunAsync(cancellation);

    /// <summary>What the mirror has left with its remote need not be here.</summary>
    async Task<string> WriteTreeAsync(CancellationToken cancellation) =>
        (await Git.Command("write-tree", "--missing-ok").RequireAsync(cancellation)).Text;

    /// <summary>Commits trees on top of each other.</summary>
    /// <param name="start">The tree before the first.</param>
    /// <returns>The commits, that of <paramref name="start"/> first; the same for the same trees and changes.</returns>
    public IReadOnlyList<string> Commit(string start,
        IEnumerable<(string Tree, string Author, string Message)> commits)
    {
        var made = new List<string> { Write(start, null, Nobody, "The release with its patches\n") };
        foreach (var (tree, author, message) in commits) made.Add(Write(tree, made[^1], author, message));
        return made;
    }

    /// <summary>A commit as git writes it, whatever the names of its author are: git itself refuses some that there
    /// are.</summary>
    string Write(string tree, string? parent, string author, string message) =>
        _objects.ObjectDatabase.Write<Commit>(Encoding.UTF8.GetBytes($"tree {tree}\n"
            + (parent is null ? "" : $"parent {parent}\n")
            + $"author {author}\ncommitter {author}\n\n{message}")).Sha;

    /// <summary>Writes commits as patches.</summary>
    /// <param name="first">The number of the first.</param>
    /// <returns>Their files, in their order.</returns>
    public async Task<IReadOnlyList<AbsolutePath>> FormatAsync(string start, string end, int first,
        CancellationToken cancellation)
    {
        var directory = Git.Directory! / "patches";
        await Git.Command("format-patch", "--quiet", "--binary", "--full-index", "--no-numbered", "--no-signature",
            string.Create(CultureInfo.InvariantCulture, $"--start-number={first}"), $"--output-directory={directory}",
            $"{start}..{end}").RequireAsync(cancellation);
        return [.. Directory.GetFiles(directory).Order(StringComparer.Ordinal).Select(x => (AbsolutePath)x)];
    }
}
