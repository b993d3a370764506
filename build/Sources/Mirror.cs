using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// The bare mirror of one repository, shared by all releases: all commits, trees, branches and tags, which is what PBR's version
/// depends on, and the file contents of the trees that were checked out. The rest stays with the remote where that allows it
/// (<c>--filter=blob:none</c>). Neither the url's credentials nor the url itself is in its configuration.
/// </summary>
/// <param name="mirrorsDirectory">Holds a directory per component and url, and its lock.</param>
/// <param name="remote">Url as git understands it, with credentials if need be.</param>
/// <param name="onLine">Gets git's progress.</param>
public sealed partial class Mirror(
    AbsolutePath mirrorsDirectory, string component, string remote, NetworkRetry? retry = null, Action<string>? onLine = null)
{
    readonly NetworkRetry _retry = retry ?? NetworkRetry.Default;
    string? _place;

    public string Component { get; } = SafeName().IsMatch(component)
        ? component
        : throw new ProblemException($"'{component}' is no name of a component", "Use letters, digits, '.', '_' and '-'");

    /// <summary>One per url: two releases may take a component from different places.</summary>
    public AbsolutePath Directory { get; } = mirrorsDirectory / $"{component}-{Digest.OfText(RemoteUrl.WithoutCredentials(remote))["sha256:".Length..][..8]}.git";

    /// <summary>Git in this mirror, able to fetch what is missing.</summary>
    public Git Online => new() { Directory = Directory, Remote = remote };

    /// <summary>Git in this mirror, without the network.</summary>
    public Git Offline => new() { Directory = Directory };

    /// <summary>Names the place that the mirror is a copy of. Not there while a first copy of another place is being made.</summary>
    AbsolutePath RemoteFile => Directory / "remote";

    /// <summary>There while the refs may be older than those of the remote, or only half updated.</summary>
    AbsolutePath BehindFile => Directory / "behind";

    string Url => RemoteUrl.WithoutCredentials(remote);

    /// <summary>When the refs were last brought up to date; null without a mirror.</summary>
    public DateTime? UpdatedAt => File.Exists(Directory / "packed-refs") ? File.GetLastWriteTimeUtc(Directory / "packed-refs") : null;

    async Task<bool> IsOfRemoteAsync(CancellationToken cancellation) =>
        File.Exists(RemoteFile) && await File.ReadAllTextAsync(RemoteFile, cancellation) == await PlaceAsync(cancellation);

    /// <summary>Where git goes for the url: <c>url.*.insteadOf</c> may lead to one place today and to another tomorrow.</summary>
    async Task<string> PlaceAsync(CancellationToken cancellation) =>
        _place ??= RemoteUrl.WithoutCredentials((await new Git { Remote = remote }.Command("ls-remote", "--get-url", "origin").RequireAsync(cancellation)).Text);

    /// <summary>The refs of the last fetch; null without a mirror of this remote.</summary>
    public async Task<RefList?> RefsAsync(CancellationToken cancellation = default) => await IsOfRemoteAsync(cancellation)
        ? RefList.Parse((await Offline.Command("show-ref", "--dereference", "--heads", "--tags").RunAsync(cancellation)).Lines)
        : null;

    public async Task<bool> HasCommitAsync(string commit, CancellationToken cancellation = default) =>
        System.IO.Directory.Exists(Directory)
        && (await Offline.Command("cat-file", "-e", $"{commit}^{{commit}}").RunAsync(cancellation)).Succeeded;

    /// <summary>The one commit whose id begins so; null when the mirror has none or several.</summary>
    public async Task<string?> ExpandAsync(string abbreviation, CancellationToken cancellation = default)
    {
        if (!await IsOfRemoteAsync(cancellation)) return null;
        var command = Offline.Command("rev-parse", "--verify", "--quiet", "--end-of-options", $"{abbreviation}^{{commit}}");
        var result = await command.RunAsync(cancellation);
        return result.Succeeded && result.Text.StartsWith(abbreviation, StringComparison.OrdinalIgnoreCase) ? result.Text : null;
    }

    /// <summary>Whether the next <see cref="EnsureAsync"/> contacts the remote even where no commit is missing.</summary>
    public bool IsBehind => File.Exists(BehindFile);

    /// <summary>Remembers that the remote has tags that the mirror lacks: they count for versions even where no commit is missing.</summary>
    public void MarkBehind() => File.WriteAllText(BehindFile, "");

    /// <summary>Makes the mirror hold a commit with its history and tags; contacts the remote only when it does not yet.</summary>
    /// <returns>A note for the user when newer tags could not be had, else null.</returns>
    /// <exception cref="ProblemException">The remote cannot be reached, or has no such commit.</exception>
    public async Task<string?> EnsureAsync(string commit, CancellationToken cancellation = default)
    {
        if (await IsCompleteAsync(commit, cancellation)) return null;
        void OnWait() => onLine?.Invoke($"Waiting for another run that updates the mirror of {Component}");
        using var held = await FileLock.AcquireAsync($"{Directory}.lock", OnWait, cancellation);
        if (await IsCompleteAsync(commit, cancellation)) return null;
        if (!System.IO.Directory.Exists(Directory)) await CreateAsync(cancellation);
        else if (await UpdateAsync(commit, cancellation) is { } note) return note;
        if (!await HasCommitAsync(commit, cancellation)) await FetchCommitAsync(commit, cancellation);
        return null;
    }

    async Task<bool> IsCompleteAsync(string commit, CancellationToken cancellation) =>
        !IsBehind && await IsOfRemoteAsync(cancellation) && await HasCommitAsync(commit, cancellation);

    async Task CreateAsync(CancellationToken cancellation)
    {
        MirrorDebris.ClearCopies(Directory);
        AbsolutePath aside = $"{Directory}.{Guid.NewGuid():N}.making";
        System.IO.Directory.CreateDirectory(aside);
        await new Git { Directory = aside }.Command("init", "--bare", "--quiet", "--template=").RequireAsync(cancellation);
        // A checkout is the bytes of the commit, whatever its .gitattributes ask for.
        System.IO.Directory.CreateDirectory(aside / "info");
        File.WriteAllText(aside / "info" / "attributes", RawAttributes);
        RemoteFailure.ThrowIfFailed(Component, remote, await FetchRefsAsync(aside, cancellation));
        File.WriteAllText(aside / "remote", await PlaceAsync(cancellation));
        System.IO.Directory.Move(aside, Directory);
    }

    async Task<string?> UpdateAsync(string commit, CancellationToken cancellation)
    {
        await MirrorDebris.ClearAsync(Directory, cancellation);
        var wasOfRemote = await IsOfRemoteAsync(cancellation);
        if (!wasOfRemote) File.Delete(RemoteFile);
        MarkBehind();
        var result = await FetchRefsAsync(Directory, cancellation);
        if (NetworkRetry.IsTransient(result) && wasOfRemote && await HasCommitAsync(commit, cancellation))
        {
            return $"{RemoteFailure.Describe(Component, remote, result).Found}; tags newer than the last fetch are unknown";
        }

        RemoteFailure.ThrowIfFailed(Component, remote, result);
        // Overrides gc.auto=0: here, in the foreground and under our lock, is the time for it.
        await Offline.Command("-c", "gc.auto=6700", "-c", "gc.autoPackLimit=50", "gc", "--auto", "--quiet").RunAsync(cancellation);
        AtomicFile.WriteText(RemoteFile, await PlaceAsync(cancellation));
        File.Delete(BehindFile);
        return null;
    }

    async Task<CommandResult> FetchRefsAsync(AbsolutePath directory, CancellationToken cancellation)
    {
        var result = await FetchAsync(directory, ["--prune", "--no-tags"], ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"], cancellation);
        if (result.Succeeded) await new Git { Directory = directory }.Command("pack-refs", "--all").RequireAsync(cancellation);
        return result;
    }

    /// <summary>A commit that no branch or tag leads to, e.g. a change under review; the ref keeps it from being collected.</summary>
    async Task FetchCommitAsync(string commit, CancellationToken cancellation)
    {
        var result = await FetchAsync(Directory, ["--no-tags"], [$"+{commit}:refs/kept/{commit}"], cancellation);
        if (NetworkRetry.IsTransient(result)) RemoteFailure.ThrowIfFailed(Component, remote, result);
        if (result.Succeeded && await HasCommitAsync(commit, cancellation)) return;
        throw new ProblemException($"{Component}: {Url} has no commit {commit}", "Check the SHA; if it was force-pushed away, take a branch or tag. Some servers hand out no commit that no branch or tag leads to");
    }

    async Task<CommandResult> FetchAsync(AbsolutePath directory, string[] options, string[] refspecs, CancellationToken cancellation)
    {
        var git = new Git { Directory = directory, Remote = remote };
        Task<CommandResult> Fetch(params string[] filter) => _retry.RunAsync(git.Command(
            ["fetch", onLine is null ? "--quiet" : "--progress", "--no-write-fetch-head", .. filter, .. options, "origin", .. refspecs]) with
        {
            OnLine = onLine,
        }, cancellation);

        // A server that ignores the filter sends everything; one that refuses it has to be asked without.
        var result = await Fetch("--filter=blob:none");
        return result.Succeeded || !result.Error.Contains("filter", StringComparison.Ordinal) ? result : await Fetch();
    }

    internal const string RawAttributes = "* -text -filter -ident -working-tree-encoding -eol\n";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex SafeName();
}
