using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>What became of the branch of an update.</summary>
public enum BranchOutcome
{
    Created,

    /// <summary>It was another update, or one of an older state of the repository.</summary>
    Renewed,

    /// <summary>It says the same already.</summary>
    Unchanged,

    /// <summary>Somebody else commits to it, or has it checked out: it is left alone.</summary>
    Taken,
}

/// <summary>The branches <c>update/…</c> of the user's repository, and those of its remote.</summary>
/// <param name="repository">The git directory, or the file that stands for one.</param>
/// <param name="remote">Name of the remote that has the branches; null where there is none to push to.</param>
public sealed class UpdateBranches(AbsolutePath repository, string? remote)
{
    readonly OwnRepository _own = new(repository);

    readonly Git _git = new() { Directory = repository };

    /// <summary>Talks to the remote as the user does.</summary>
    readonly Git _online = new() { Directory = repository, HasUserConfiguration = true };

    /// <summary>
    /// Where it is remembered how the remote's branches were fetched. Not among the user's own (<c>refs/remotes</c>):
    /// what is left there of a branch that the remote has no more would keep one of a longer name out, and is not ours
    /// to remove.
    /// </summary>
    string Known => $"refs/updates/{remote}";

    string KnownBase => $"{Known}/base";

    /// <summary>The commit that is checked out.</summary>
    /// <exception cref="ProblemException">There is no repository, or no commit in it.</exception>
    public Task<string> HeadAsync() => _own.HeadAsync("Updates are branches of it");

    /// <summary>The branch that is checked out; null where none is.</summary>
    public Task<string?> CurrentBranchAsync() => _own.BranchAsync();

    /// <summary>The url of a remote as it is configured; null where there is none.</summary>
    public async Task<string?> UrlOfAsync(string name) => (await _git.Command("config", "--get", $"remote.{name}.url")
        .RunAsync()).Text is { Length: > 0 } url
        ? url
        : null;

    /// <summary>
    /// Learns how the branches are at the remote, and makes sure that a commit is part of one: a pull request would
    /// have all that is not.
    /// </summary>
    /// <exception cref="ProblemException">It cannot be reached, or does not have the commit.</exception>
    public async Task FetchAsync(string @base, string baseBranch, CancellationToken cancellation = default)
    {
        if (remote is null) return;
        if (await _own.IsShallowAsync(cancellation))
            throw new ProblemException(
                "the history of this repository is cut off, so nobody knows whose the branches of updates are",
                "Run git fetch --unshallow; in a workflow, give actions/checkout fetch-depth: 0");
        if (await UrlOfAsync(remote) is null)
            throw new ProblemException($"this repository has no remote '{remote}' that branches could be pushed to",
                "Add it (git remote add), or name another with --update-remote");
        // Without a refmap: git would write the user's own as well.
        var fetched = await NetworkRetry.Default.RunAsync(
            _online.Command("fetch", "--quiet", "--no-tags", "--prune", "--no-write-fetch-head", "--refmap=", remote,
                $"+refs/heads/update/*:{Known}/update/*", $"+refs/heads/{baseBranch}:{KnownBase}"), cancellation);
        if (fetched.Error.Contains("couldn't find remote ref", StringComparison.Ordinal))
            throw new ProblemException($"'{remote}' has no branch {baseBranch}",
                "Push it first, or name the branch that updates are for with --base-branch");
        if (!fetched.Succeeded)
            throw new ProblemException($"the branches of '{remote}' cannot be fetched: {fetched.Tail(3)}",
                "Check the network and your git credentials");
        if (!await IsAncestorAsync(@base, KnownBase, cancellation))
            throw new ProblemException($"{@base[..10]}, which is checked out, is not part of the branch "
                + $"{baseBranch} at '{remote}'",
                "Push it first, or name the branch that updates are for with --base-branch");
    }

    /// <summary>Moves a branch to an update, unless it says the same already; with a remote, there too.</summary>
    /// <param name="base">The commit that <paramref name="commit"/> is on top of.</param>
    /// <returns>What became of it, and the commit that it is at.</returns>
    /// <exception cref="ProblemException">Git, or the remote, does not take it.</exception>
    public async Task<(BranchOutcome Outcome, string Commit)> MoveAsync(UpdateDraft update, string @base, string commit,
        CancellationToken cancellation = default)
    {
        var local = $"refs/heads/{update.Branch}";
        var there = remote is null ? local : $"{Known}/{update.Branch}";
        var old = await ReadAsync(there, cancellation);
        if (old is not null && old != commit)
        {
            if (!await IsOursAsync(old, update.Group, @base, cancellation)) return (BranchOutcome.Taken, old);
            if (await IsSameAsync(old, @base, commit, cancellation)) return (BranchOutcome.Unchanged, old);
        }

        if (old == commit) return (BranchOutcome.Unchanged, commit);
        if (await IsCheckedOutAsync(local, cancellation)) return (BranchOutcome.Taken, old ?? commit);
        var moved = await _git.Command("update-ref", local, commit).RunAsync(cancellation);
        if (!moved.Succeeded)
            throw new ProblemException($"git does not make the branch {update.Branch}: {moved.Tail(3)}",
                GitRefusal.RemedyOf(moved, "here"));
        if (remote is not null) await PushAsync(update.Branch, old, commit, cancellation);
        return (old is null ? BranchOutcome.Created : BranchOutcome.Renewed, commit);
    }

    async Task PushAsync(string branch, string? old, string commit, CancellationToken cancellation)
    {
        // Whoever pushed in between is not overwritten.
        var push = _online.Command("push", "--quiet", "--no-verify", $"--force-with-lease=refs/heads/{branch}:{old}",
            remote!, $"{commit}:refs/heads/{branch}");
        var pushed = await NetworkRetry.Default.RunAsync(push, cancellation);
        if (!pushed.Succeeded)
            throw new ProblemException($"'{remote}' does not take the branch {branch}: {pushed.Tail(5)}",
                GitRefusal.RemedyOf(pushed, $"at '{remote}'"));
        // It is there now, whether that can be remembered or not: the next fetch learns it again.
        _ = await _git.Command("update-ref", $"{Known}/{branch}", commit).RunAsync(cancellation);
    }

    async Task<string?> ReadAsync(string reference, CancellationToken cancellation)
    {
        var found = await _git.Command("rev-parse", "--verify", "--quiet", $"{reference}^{{commit}}")
            .RunAsync(cancellation);
        return found.Succeeded ? found.Text : null;
    }

    /// <summary>git-merge-base: 1 is a no, and everything else but 0 a failure.</summary>
    async Task<bool> IsAncestorAsync(string commit, string of, CancellationToken cancellation)
    {
        var asked = await _git.Command("merge-base", "--is-ancestor", commit, of).RunAsync(cancellation);
        return asked.ExitCode == 1 ? false : asked.RequireSuccess().Succeeded;
    }

    /// <summary>One commit, which names its group, on top of a state that the base contains.</summary>
    async Task<bool> IsOursAsync(string commit, string group, string @base, CancellationToken cancellation)
    {
        var message = await _git.Command("log", "-1", "--format=%B", commit).RequireAsync(cancellation);
        return message.Lines.Contains($"{UpdateDraft.Trailer} {group}") && await ReadAsync($"{commit}^", cancellation)
            is { } parent && await IsAncestorAsync(parent, @base, cancellation);
    }

    /// <summary>
    /// Whether two updates say and do the same, though the branch that they are for has moved on in other files.
    /// </summary>
    async Task<bool> IsSameAsync(string old, string @base, string commit, CancellationToken cancellation)
    {
        async Task<string> TextAsync(params string[] arguments) =>
            (await _git.Command(arguments).RequireAsync(cancellation)).Output;
        return await TextAsync("log", "-1", "--format=%B", old) == await TextAsync("log", "-1", "--format=%B", commit)
            && await TextAsync("diff-tree", "-r", "--no-renames", $"{old}^", old) == await TextAsync("diff-tree", "-r",
                "--no-renames", @base, commit);
    }

    async Task<bool> IsCheckedOutAsync(string reference, CancellationToken cancellation) =>
        (await _git.Command("for-each-ref", "--format=%(worktreepath)", reference)
            .RequireAsync(cancellation)).Text.Length > 0;
}
