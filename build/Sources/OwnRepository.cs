using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.Sources;

/// <summary>The git repository that the build itself is in, as the user has it: which commit it is at, or why nobody
/// can say.</summary>
/// <param name="directory">Its <c>.git</c>: a directory or, in a linked work tree, the file that stands for
/// one.</param>
public sealed class OwnRepository(AbsolutePath directory)
{
    AbsolutePath Root => directory.Parent!;

    /// <summary>Git there, without the user's configuration.</summary>
    public Git Git => new() { Directory = directory, WorkTree = Root };

    /// <summary>Git there, as the user runs it.</summary>
    public Git AsUser => Git with { HasUserConfiguration = true };

    /// <summary>What is wrong where there is no repository, or one that git does not take; null where there is
    /// one.</summary>
    /// <param name="without">What cannot be done without it, as a sentence without its final dot.</param>
    public async Task<Problem?> WhyNoneAsync(string without, CancellationToken cancellation = default)
    {
        if (!Path.Exists(directory))
            return new Problem($"{Root} is no git repository with a commit: it has no .git. {without}",
                Remedy: "Clone the repository, or run git init and commit");
        var asked = await Git.Command("rev-parse", "--git-dir").RunAsync(cancellation);
        return asked.Succeeded ? null
            : new Problem($"{Root} is no repository that git takes: {asked.Tail(3)}. {without}",
            Remedy: "Do as git says, or clone it again");
    }

    /// <summary>The commit that is checked out.</summary>
    /// <param name="without">As above.</param>
    /// <exception cref="ProblemException">There is no repository, or nothing is committed in it.</exception>
    public async Task<string> HeadAsync(string without, CancellationToken cancellation = default)
    {
        if (await WhyNoneAsync(without, cancellation) is { } none) throw new ProblemException(none);
        var head = await Git.Command("rev-parse", "--verify", "HEAD^{commit}").RunAsync(cancellation);
        if (head.Succeeded) return head.Text;
        var branch = await BranchAsync(cancellation);
        var isUnborn = branch is not null
            && !(await Git.Command("show-ref", "--verify", "--quiet", $"refs/heads/{branch}")
                .RunAsync(cancellation)).Succeeded;
        throw isUnborn
            ? new ProblemException($"{Root} is a git repository in which nothing is committed yet. {without}",
                "Commit it first")
            : new ProblemException($"git cannot tell which commit of {Root} is checked out: {head.Tail(3)}. {without}",
                "Do as git says, or clone it again");
    }

    /// <summary>The branch that is checked out; null where none is.</summary>
    public async Task<string?> BranchAsync(CancellationToken cancellation = default) =>
        (await Git.Command("symbolic-ref", "--quiet", "--short", "HEAD").RunAsync(cancellation)).Text
            is { Length: > 0 } name ? name : null;

    /// <summary>Makes a work tree of one of its commits elsewhere, with nothing of this one but that.</summary>
    /// <param name="commit">Its full id.</param>
    /// <param name="url">Where it is fetched from where this repository does not have it; null of nowhere.</param>
    /// <param name="into">Directory of the work tree; must not exist.</param>
    /// <exception cref="ProblemException">Neither has the commit.</exception>
    public async Task ExtractAsync(string commit, string? url, AbsolutePath into,
        CancellationToken cancellation = default)
    {
        var isHere = Path.Exists(directory) && await FindAsync(commit, cancellation) is not null;
        if (!isHere && url is null)
            throw new ProblemException($"This repository has no commit {commit}, and nothing says where to fetch it",
                "Run it in a clone that has the commit");
        var copy = new Git
        {
            Directory = into / ".git",
            WorkTree = into,
            Remote = isHere ? new Uri(Root).AbsoluteUri : url,
        };
        System.IO.Directory.CreateDirectory(into);
        await copy.Command("init", "--quiet").RequireAsync(cancellation);
        (await copy.Command("fetch", "--quiet", "--depth=1", "origin", commit).RunAsync(cancellation))
            .RequireSuccess($"See whether {(isHere ? Root : RemoteUrl.WithoutCredentials(url!))} still has the commit");
        await copy.Command("checkout", "--quiet", "--detach", commit).RequireAsync(cancellation);
    }

    /// <summary>Commits files as they are, and nothing else that is changed or staged, as the user; hooks do not
    /// run.</summary>
    /// <param name="files">Paths below the root.</param>
    /// <returns>The commit.</returns>
    /// <exception cref="ProblemException">Git does not commit: nobody has told it who the user is, perhaps.</exception>
    public async Task<string> CommitAsync(IReadOnlyList<string> files, string message,
        CancellationToken cancellation = default)
    {
        await AsUser.Command(["add", "--", .. files]).RequireAsync(cancellation);
        (await AsUser.Command(["-c", "core.logAllRefUpdates=true", "commit", "--quiet", "--message", message, "--only",
            "--", .. files]).RunAsync(cancellation))
            .RequireSuccess("The files are written: do as git says and commit them");
        return await HeadAsync("It has just been committed", cancellation);
    }

    /// <summary>Where others find it; null where its origin is on this machine, or there is none.</summary>
    /// <param name="environment">Reads a variable: in a job, GitHub says it.</param>
    public async Task<string?> PublicUrlAsync(Func<string, string?> environment)
    {
        if (environment("GITHUB_REPOSITORY") is { Length: > 0 } name)
            return $"{environment("GITHUB_SERVER_URL")}/{name}";
        var origin = (await Git.Command("config", "--get", "remote.origin.url").RunAsync()).Text;
        return origin.StartsWith("https://", StringComparison.Ordinal)
            || origin.StartsWith("ssh://", StringComparison.Ordinal) ? RemoteUrl.WithoutCredentials(origin) : null;
    }

    /// <summary>Whether the history ends somewhere because it was not fetched.</summary>
    public async Task<bool> IsShallowAsync(CancellationToken cancellation = default) =>
        (await Git.Command("rev-parse", "--is-shallow-repository").RequireAsync(cancellation)).Text == "true";

    /// <summary>The commit that a user names; null where the repository does not have it, or has something else by that
    /// name.</summary>
    public async Task<string?> FindAsync(string revision, CancellationToken cancellation = default) =>
        await ResolveAsync(revision, cancellation) is { Succeeded: true } found ? found.Text : null;

    /// <summary>The commit that a user names.</summary>
    /// <param name="option">Where it was named.</param>
    /// <exception cref="ProblemException">There is no such commit here; says what there is.</exception>
    public async Task<string> RequireAsync(string revision, string option, CancellationToken cancellation = default)
    {
        if (await WhyNoneAsync($"{option} names a commit of it", cancellation) is { } none)
            throw new ProblemException(none);
        var found = await ResolveAsync(revision, cancellation);
        if (found.Succeeded) return found.Text;
        throw new ProblemException(await DescribeAsync(revision, option, found, cancellation));
    }

    Task<CommandResult> ResolveAsync(string revision, CancellationToken cancellation) =>
        AsUser.Command("rev-parse", "--verify", "--end-of-options", $"{revision}^{{commit}}").RunAsync(cancellation);

    async Task<Problem> DescribeAsync(string revision, string option, CommandResult refused,
        CancellationToken cancellation)
    {
        var plain = await AsUser.Command("rev-parse", "--verify", "--quiet", "--end-of-options", revision)
            .RunAsync(cancellation);
        var kind = plain.Succeeded ? await AsUser.Command("cat-file", "-t", plain.Text).RunAsync(cancellation) : null;
        if (kind is { Succeeded: true, Text: not ("commit" or "tag") })
            return new Problem($"{option}: '{revision}' is a {kind.Text}, no commit",
                Expected: "a commit, a branch or a tag");
        if (refused.Error.Contains("ambiguous", StringComparison.Ordinal))
            return new Problem($"{option}: '{revision}' is the beginning of several ids", Remedy: "Write more of it");
        if (await IsShallowAsync(cancellation))
            return new Problem($"{option}: '{revision}' is not in this clone, whose history is cut off",
                Remedy: "Run git fetch --unshallow; in a workflow, give actions/checkout fetch-depth: 0");
        var names = (await AsUser.Command("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads", "refs/tags",
            "refs/remotes").RequireAsync(cancellation)).Lines;
        return new Problem($"{option}: this clone has no commit, branch or tag '{revision}'",
            Remedy: Suggest.DidYouMean(revision, names,
                "Fetch it (git fetch), or see what there is: git log, git branch --all, git tag"));
    }
}
