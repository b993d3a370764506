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
    readonly Git _git = new() { Directory = repository };

    /// <summary>Talks to the remote as the user does.</summary>
    readonly Git _online = new() { Directory = repository, HasUserConfiguration = true };

    /// <summary>The commit that is checked out.</summary>
    public async Task<string> HeadAsync() => await ReadAsync("HEAD", default) ?? throw new ProblemException("nothing is committed in this repository", "Commit it first");

    /// <summary>The branch that is checked out; null where none is.</summary>
    public async Task<string?> CurrentBranchAsync() => (await _git.Command("symbolic-ref", "--quiet", "--short", "HEAD").RunAsync()).Text is { Length: > 0 } name ? name : null;

    /// <summary>The url of a remote as it is configured; null where there is none.</summary>
    public async Task<string?> UrlOfAsync(string name) => (await _git.Command("config", "--get", $"remote.{name}.url").RunAsync()).Text is { Length: > 0 } url ? url : null;

    /// <summary>Learns how the branches are at the remote, and makes sure that a commit is part of one: a pull request would have all that is not.</summary>
    /// <exception cref="ProblemException">It cannot be reached, or does not have the commit.</exception>
    public async Task FetchAsync(string @base, string baseBranch, CancellationToken cancellation = default)
    {
        if (remote is null) return;
        if ((await _git.Command("rev-parse", "--is-shallow-repository").RequireAsync(cancellation)).Text == "true")
            throw new ProblemException("the history of this repository is cut off, so nobody knows whose the branches of updates are", "Run git fetch --unshallow; in a workflow, give actions/checkout fetch-depth: 0");
        await FetchAsync(cancellation);
        var fetched = await NetworkRetry.Default.RunAsync(_online.Command("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", remote, $"+refs/heads/{baseBranch}:refs/remotes/{remote}/{baseBranch}"), cancellation);
        if (!fetched.Succeeded || !(await _git.Command("merge-base", "--is-ancestor", @base, $"refs/remotes/{remote}/{baseBranch}").RunAsync(cancellation)).Succeeded)
            throw new ProblemException($"{@base[..10]}, which is checked out, is not part of the branch {baseBranch} at '{remote}'", "Push it first, or name the branch that updates are for with --base-branch");
    }

    async Task FetchAsync(CancellationToken cancellation)
    {
        var fetched = await NetworkRetry.Default.RunAsync(
            _online.Command("fetch", "--quiet", "--no-tags", "--prune", "--no-write-fetch-head", remote!, $"+refs/heads/update/*:refs/remotes/{remote}/update/*"), cancellation);
        if (!fetched.Succeeded) throw new ProblemException($"the branches of '{remote}' cannot be fetched: {fetched.Tail(3)}", "Check the network and your git credentials");
    }

    /// <summary>Moves a branch to an update, unless it says the same already; with a remote, there too.</summary>
    /// <param name="base">The commit that <paramref name="commit"/> is on top of.</param>
    /// <returns>What became of it, and the commit that it is at.</returns>
    /// <exception cref="ProblemException">The remote does not take it.</exception>
    public async Task<(BranchOutcome Outcome, string Commit)> MoveAsync(UpdateDraft update, string @base, string commit, CancellationToken cancellation = default)
    {
        var local = $"refs/heads/{update.Branch}";
        var there = remote is null ? local : $"refs/remotes/{remote}/{update.Branch}";
        var old = await ReadAsync(there, cancellation);
        if (old is not null && old != commit)
        {
            if (!await IsOursAsync(old, update.Group, @base, cancellation)) return (BranchOutcome.Taken, old);
            if (await IsSameAsync(old, @base, commit, cancellation)) return (BranchOutcome.Unchanged, old);
        }

        if (old == commit) return (BranchOutcome.Unchanged, commit);
        if (await IsCheckedOutAsync(local, cancellation)) return (BranchOutcome.Taken, old ?? commit);
        await _git.Command("update-ref", local, commit).RequireAsync(cancellation);
        if (remote is not null) await PushAsync(update.Branch, old, commit, cancellation);
        return (old is null ? BranchOutcome.Created : BranchOutcome.Renewed, commit);
    }

    async Task PushAsync(string branch, string? old, string commit, CancellationToken cancellation)
    {
        // Whoever pushed in between is not overwritten.
        var push = _online.Command("push", "--quiet", "--no-verify", $"--force-with-lease=refs/heads/{branch}:{old}", remote!, $"{commit}:refs/heads/{branch}");
        var pushed = await NetworkRetry.Default.RunAsync(push, cancellation);
        if (!pushed.Succeeded) throw new ProblemException($"'{remote}' does not take the branch {branch}: {pushed.Tail(5)}", "Check that the token may write contents, and run the same command again");
        await _git.Command("update-ref", $"refs/remotes/{remote}/{branch}", commit).RequireAsync(cancellation);
    }

    async Task<string?> ReadAsync(string reference, CancellationToken cancellation)
    {
        var found = await _git.Command("rev-parse", "--verify", "--quiet", $"{reference}^{{commit}}").RunAsync(cancellation);
        return found.Succeeded ? found.Text : null;
    }

    /// <summary>One commit, which names its group, on top of a state that the base contains.</summary>
    async Task<bool> IsOursAsync(string commit, string group, string @base, CancellationToken cancellation)
    {
        var message = await _git.Command("log", "-1", "--format=%B", commit).RequireAsync(cancellation);
        return message.Lines.Contains($"{UpdateDraft.Trailer} {group}") && (await _git.Command("merge-base", "--is-ancestor", $"{commit}^", @base).RunAsync(cancellation)).Succeeded;
    }

    /// <summary>Whether two updates say and do the same, though the branch that they are for has moved on in other files.</summary>
    async Task<bool> IsSameAsync(string old, string @base, string commit, CancellationToken cancellation)
    {
        async Task<string> TextAsync(params string[] arguments) => (await _git.Command(arguments).RequireAsync(cancellation)).Output;
        return await TextAsync("log", "-1", "--format=%B", old) == await TextAsync("log", "-1", "--format=%B", commit)
            && await TextAsync("diff-tree", "-r", "--no-renames", $"{old}^", old) == await TextAsync("diff-tree", "-r", "--no-renames", @base, commit);
    }

    async Task<bool> IsCheckedOutAsync(string reference, CancellationToken cancellation) =>
        (await _git.Command("for-each-ref", "--format=%(worktreepath)", reference).RequireAsync(cancellation)).Text.Length > 0;
}
