using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Backports;

/// <summary>Where a series stopped.</summary>
/// <param name="Tree">The tree that the change which conflicts was put on.</param>
/// <param name="Commits">What the release is before the series, and the changes that are on it.</param>
/// <param name="Earlier">What was resolved before.</param>
sealed record Stop(Mirror Mirror, ResolvedRef Source, PatchSeries Series, PickRepository Repository,
    ChangeSeries Changes, string From, string Tree, IReadOnlyList<string> Commits, PendingBackport? Earlier);

/// <summary>Work trees with conflicts, one for each component and release.</summary>
/// <param name="directory">Holds <c>component/release/</c>.</param>
sealed class PendingBackports(AbsolutePath directory)
{
    const string Branch = "refs/heads/backport";

    /// <summary>All of them, by component and release.</summary>
    /// <exception cref="ProblemException">What is there cannot be understood.</exception>
    public IReadOnlyList<PendingBackport> All => !Directory.Exists(directory) ? []
        : [.. Directory.GetDirectories(directory).SelectMany(Directory.GetDirectories)
            .Order(StringComparer.Ordinal).Select(x => PendingBackport.Read(x)).OfType<PendingBackport>()];

    public PendingBackport? Find(string component, string release) =>
        PendingBackport.Read(directory / component / release);

    public static void Remove(PendingBackport pending) => Removal.Remove(pending.Place);

    /// <summary>Leaves a work tree that is a stopped <c>git cherry-pick</c>, or <c>git am</c>.</summary>
    /// <exception cref="ProblemException">The files of the release cannot be had.</exception>
    public async Task<PendingBackport> LeaveAsync(Stop stop, int change, CancellationToken cancellation = default)
    {
        var (component, release) = (stop.Series.Component, stop.Series.Release);
        var place = directory / component / release;
        AbsolutePath aside = $"{place}.making";
        Removal.Remove(aside);
        if (!await MirrorContents.EnsureAllAsync(stop.Mirror, $"{stop.Source.Commit}^{{tree}}", cancellation))
            throw new ProblemException(stop.Series.Says("the files of the release cannot be had, so that there is no "
                + "work tree with the conflict"), "Check the network and run the same command again");
        var pending = new PendingBackport(component, release, stop.From,
            [.. stop.Changes.Changes.Select(x => x.Commit).OfType<string>()], change, stop.Tree,
            stop.Earlier?.Resolutions ?? [])
        { Place = aside };
        Make(pending, stop);
        if (stop.Changes.File is { } mails) File.Copy(mails, pending.Mails);
        await StopAsync(new Git { Directory = pending.Repository, WorkTree = pending.Tree },
            stop.Changes.Changes[change], cancellation);
        pending.Write();
        Removal.Remove(place);
        Directory.Move(aside, place);
        return pending with { Place = place };
    }

    /// <summary>A repository with what the release is so far checked out.</summary>
    static void Make(PendingBackport pending, Stop stop)
    {
        var git = pending.Repository;
        AbsolutePath[] mirrors = [stop.Mirror.Directory, stop.Changes.Mirror?.Directory ?? stop.Mirror.Directory];
        BorrowingRepository.Make(git, $"ref: {Branch}", [.. mirrors.Distinct()]);
        File.WriteAllText(git / "config", "[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
        Directory.CreateDirectory(git / "info");
        File.WriteAllText(git / "info" / "attributes", Mirror.RawAttributes);
        CopyObjects(stop.Repository.Git.Directory!, git);
        if (stop.Earlier is not null) CopyObjects(stop.Earlier.Repository, git);
        AtomicFile.WriteText(git / Branch, $"{stop.Commits[^1]}\n");
    }

    static void CopyObjects(AbsolutePath from, AbsolutePath to)
    {
        foreach (var (name, entry) in FileTree.Entries(from / "objects"))
        {
            if (entry is not FileInfo || name.StartsWith("info/", StringComparison.Ordinal)) continue;
            var copy = to / "objects" / name;
            if (File.Exists(copy)) continue;
            Directory.CreateDirectory(copy.Parent!);
            File.Copy(from / "objects" / name, copy);
        }
    }

    static async Task StopAsync(Git git, UpstreamChange change, CancellationToken cancellation)
    {
        await git.Command("reset", "--quiet", "--hard").RequireAsync(cancellation);
        if (change.Commit is not null)
        {
            await AsSomebody(git.Command("cherry-pick", "-x", change.Commit)).RunAsync(cancellation);
            return;
        }

        // What fits goes in; what does not is beside its file, as *.rej.
        var merged = await git.Command("apply", "--3way", "--whitespace=nowarn", "--", change.Patch!)
            .RunAsync(cancellation);
        var open = await git.Command("ls-files", "--unmerged").RequireAsync(cancellation);
        if (!merged.Succeeded && open.Text.Length == 0)
            await git.Command("apply", "--reject", "--index", "--whitespace=nowarn", "--", change.Patch!)
                .RunAsync(cancellation);
    }

    /// <summary>Git asks who commits before it knows that nothing will be.</summary>
    static Command AsSomebody(Command command) => command with
    {
        Environment = new Dictionary<string, string?>(command.Environment)
        {
            ["GIT_COMMITTER_NAME"] = "OpenStack images",
            ["GIT_COMMITTER_EMAIL"] = "openstack-images@localhost",
        },
    };
}
