using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// The bare mirror of one repository, shared by all releases: all commits, trees, branches and tags, which is what
/// PBR's version depends on, and the file contents of the trees that were checked out. The rest stays with the remote
/// where that allows it (<c>--filter=blob:none</c>). Neither the url's credentials nor the url itself is in its
/// configuration.
/// </summary>
/// <param name="mirrorsDirectory">Holds a directory per component and url, and its lock.</param>
/// <param name="remote">Url as git understands it, with credentials if need be.</param>
/// <param name="watch">Is told what git fetches; nobody, where it is not given.</param>
public sealed partial class Mirror(
    AbsolutePath mirrorsDirectory, string component, string remote, NetworkRetry? retry = null,
    Watch? watch = null)
{
    const string CommitType = "commit";

    readonly NetworkRetry _retry = retry ?? NetworkRetry.Default;
    string? _place;

    public string Component { get; } = SafeName().IsMatch(component)
        ? component
        : throw new ProblemException($"'{component}' is no name of a component",
            "Use letters, digits, '.', '_' and '-'");

    /// <summary>One per url: two releases may take a component from different places.</summary>
    public AbsolutePath Directory { get; } = mirrorsDirectory
        / $"{component}-{Digest.OfText(RemoteUrl.WithoutCredentials(remote))["sha256:".Length..][..8]}.git";

    /// <summary>Whether what it lacks is an error, and the remote is never contacted.</summary>
    public bool IsOffline { get; init; }

    /// <summary>Git in this mirror, able to fetch what is missing.</summary>
    public Git Online => new() { Directory = Directory, Remote = IsOffline ? null : remote };

    /// <summary>Git in this mirror, without the network.</summary>
    public Git Offline => new() { Directory = Directory };

    /// <summary>
    /// Names the place that the mirror is a copy of. Not there while a first copy of another place is being made.
    /// </summary>
    AbsolutePath RemoteFile => Directory / "remote";

    /// <summary>There while the refs may be older than those of the remote, or only half updated.</summary>
    AbsolutePath BehindFile => Directory / "behind";

    string Url => RemoteUrl.WithoutCredentials(remote);

    /// <summary>When the refs were last brought up to date; null without a mirror.</summary>
    public DateTime? UpdatedAt =>
        File.Exists(Directory / "packed-refs") ? File.GetLastWriteTimeUtc(Directory / "packed-refs") : null;

    async Task<bool> IsOfRemoteAsync(CancellationToken cancellation) =>
        File.Exists(RemoteFile)
        && await File.ReadAllTextAsync(RemoteFile, cancellation) == await PlaceAsync(cancellation);

    /// <summary>
    /// Where git goes for the url: <c>url.*.insteadOf</c> may lead to one place today and to another tomorrow.
    /// </summary>
    async Task<string> PlaceAsync(CancellationToken cancellation) =>
        _place ??= RemoteUrl.WithoutCredentials((await new Git { Remote = remote }
            .Command("ls-remote", "--get-url", "origin")
            .RequireAsync(cancellation)).Text);

    /// <summary>The refs of the last fetch; null without a mirror of this remote.</summary>
    public async Task<RefList?> RefsAsync(CancellationToken cancellation = default) =>
        await IsOfRemoteAsync(cancellation)
            ? RefList.Parse((await Offline.Command("show-ref", "--dereference", "--heads", "--tags")
                .RunAsync(cancellation)).Lines)
            : null;

    public async Task<bool> HasCommitAsync(string commit, CancellationToken cancellation = default) =>
        System.IO.Directory.Exists(Directory)
        && (await Offline.Command("cat-file", "-e", $"{commit}^{{commit}}").RunAsync(cancellation)).Succeeded;

    /// <summary>The one commit whose id begins so; null when the mirror has none or several.</summary>
    public async Task<string?> ExpandAsync(string abbreviation, CancellationToken cancellation = default)
    {
        if (!await IsOfRemoteAsync(cancellation)) return null;
        // A commit, or an annotated tag of one.
        foreach (var type in (string[])[CommitType, "tag"])
        {
            var found = await Offline.Command("rev-parse", "--verify", "--quiet", "--end-of-options",
                $"{abbreviation}^{{{type}}}").RunAsync(cancellation);
            if (found.Succeeded && found.Text.StartsWith(abbreviation, StringComparison.OrdinalIgnoreCase))
                return await PeelAsync(found.Text, cancellation);
        }

        return null;
    }

    /// <summary>
    /// Whether the next <see cref="EnsureAsync(string, CancellationToken)"/> contacts the remote even where no commit
    /// is missing.
    /// </summary>
    public bool IsBehind => File.Exists(BehindFile);

    /// <summary>
    /// Remembers that the remote has tags that the mirror lacks: they count for versions even where no commit is
    /// missing.
    /// </summary>
    public void MarkBehind() => File.WriteAllText(BehindFile, "");

    /// <inheritdoc cref="EnsureAsync(string, string?, CancellationToken)"/>
    public Task<string?> EnsureAsync(string commit, CancellationToken cancellation = default) =>
        EnsureAsync(commit, null, cancellation);

    /// <summary>
    /// Makes the mirror hold a commit with its history and tags; contacts the remote only when it does not yet.
    /// </summary>
    /// <returns>A note for the user when newer tags could not be had, else null.</returns>
    /// <param name="reference">Full name of a ref that leads to the commit, where no branch or tag does.</param>
    /// <exception cref="ProblemException">The remote cannot be reached, or has no such commit.</exception>
    public async Task<string?> EnsureAsync(string commit, string? reference, CancellationToken cancellation)
    {
        if (await IsCompleteAsync(commit, cancellation)) return null;
        if (IsOffline)
            throw new ProblemException(
                $"{Component}: the mirror of {Url} does not have {commit}", "Run the target Prefetch");
        using var held = await FileLock.AcquireAsync($"{Directory}.lock", watch is null ? null
            : () => watch.Begin($"waiting for another run that updates the mirror of {Component}"), cancellation);
        if (await IsCompleteAsync(commit, cancellation)) return null;
        if (!IsRepository) await CreateAsync(cancellation);
        else if (await UpdateAsync(commit, cancellation) is { } note) return note;
        if (!await HasCommitAsync(commit, cancellation)) await FetchCommitAsync(commit, reference, cancellation);
        return null;
    }

    /// <summary>
    /// Whether there is what git takes for a repository; anything else in its place is of no use to anybody.
    /// </summary>
    bool IsRepository => File.Exists(Directory / "HEAD")
        && System.IO.Directory.Exists(Directory / "objects") && System.IO.Directory.Exists(Directory / "refs");

    async Task<bool> IsCompleteAsync(string commit, CancellationToken cancellation) =>
        (IsOffline || !IsBehind)
        && await IsOfRemoteAsync(cancellation) && await HasCommitAsync(commit, cancellation);

    /// <summary>Brings a commit in without the remote.</summary>
    /// <param name="bring">Does it, in the repository that it is given.</param>
    internal async Task TakeAsync(string commit, Func<AbsolutePath, Task> bring, CancellationToken cancellation)
    {
        using var held = await FileLock.AcquireAsync($"{Directory}.lock", cancellation: cancellation);
        if (await IsOfRemoteAsync(cancellation) && await HasCommitAsync(commit, cancellation)) return;
        if (IsRepository && await IsOfRemoteAsync(cancellation)) await bring(Directory);
        else await CreateAsync(bring, cancellation);
    }

    Task CreateAsync(CancellationToken cancellation) => CreateAsync(async x =>
        RemoteFailure.ThrowIfFailed(Component, remote, await FetchRefsAsync(x, cancellation)), cancellation);

    async Task CreateAsync(Func<AbsolutePath, Task> fill, CancellationToken cancellation)
    {
        MirrorDebris.ClearCopies(Directory);
        AbsolutePath aside = $"{Directory}.{Guid.NewGuid():N}.making";
        System.IO.Directory.CreateDirectory(aside);
        await new Git { Directory = aside }
            .Command("init", "--bare", "--quiet", "--template=")
            .RequireAsync(cancellation);
        // A checkout is the bytes of the commit, whatever its .gitattributes ask for.
        System.IO.Directory.CreateDirectory(aside / "info");
        File.WriteAllText(aside / "info" / "attributes", RawAttributes);
        await fill(aside);
        File.WriteAllText(aside / "remote", await PlaceAsync(cancellation));
        Removal.Remove(Directory);
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
            return $"{RemoteFailure.Describe(Component, remote, result).Found}; tags newer than "
                + "the last fetch are unknown";
        }

        RemoteFailure.ThrowIfFailed(Component, remote, result);
        // Overrides gc.auto=0: here, in the foreground and under our lock, is the time for it.
        await Offline.Command("-c", "gc.auto=6700", "-c", "gc.autoPackLimit=50", "gc", "--auto", "--quiet")
            .RunAsync(cancellation);
        AtomicFile.WriteText(RemoteFile, await PlaceAsync(cancellation));
        File.Delete(BehindFile);
        return null;
    }

    async Task<CommandResult> FetchRefsAsync(AbsolutePath directory, CancellationToken cancellation)
    {
        var result = await FetchAsync(directory, ["--prune", "--no-tags"],
            ["+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"], cancellation);
        if (result.Succeeded)
            await new Git { Directory = directory }.Command("pack-refs", "--all").RequireAsync(cancellation);
        return result;
    }

    /// <summary>
    /// A commit that no branch or tag leads to, e.g. a change under review; the ref keeps it from being collected.
    /// </summary>
    async Task FetchCommitAsync(string commit, string? reference, CancellationToken cancellation)
    {
        await RequireCommitAsync(commit, cancellation);
        // A server may hand out what a ref leads to and not what an id says.
        foreach (var what in new[] { commit, reference }.OfType<string>())
        {
            var result = await FetchAsync(Directory, ["--no-tags"], [$"+{what}:refs/kept/{commit}"], cancellation);
            if (NetworkRetry.IsTransient(result)) RemoteFailure.ThrowIfFailed(Component, remote, result);
            if (result.Succeeded && await HasCommitAsync(commit, cancellation)) return;
        }

        await RequireCommitAsync(commit, cancellation);
        throw new ProblemException($"{Component}: {Url} has no commit {commit}",
            "Check the SHA; if it was force-pushed away, take a branch or tag. Some servers hand out no commit that "
                + "no branch or tag leads to");
    }

    /// <summary>
    /// Makes the mirror hold a commit that its remote does not have, from a place that does: a change under review.
    /// </summary>
    /// <param name="place">Url of another repository of the same history.</param>
    /// <param name="reference">Full name of the ref, or the commit, as that place has it.</param>
    /// <exception cref="ProblemException">It cannot be reached, or does not hand it out.</exception>
    public async Task TakeFromAsync(string place, string reference, string commit,
        CancellationToken cancellation = default)
    {
        if (await HasCommitAsync(commit, cancellation)) return;
        using var held = await FileLock.AcquireAsync($"{Directory}.lock", cancellation: cancellation);
        // What the remote of this mirror lacks it cannot be asked for later: contents come along.
        var fetch = new Git { Directory = Directory, Remote = place }.Command("fetch", "--quiet", "--no-filter",
            "--no-tags", "--no-write-fetch-head", "origin", $"+{reference}:refs/kept/{commit}");
        RemoteFailure.ThrowIfFailed(Component, place, await _retry.RunAsync(fetch, cancellation));
    }

    /// <exception cref="ProblemException">The mirror has it, and it is something else.</exception>
    async Task RequireCommitAsync(string commit, CancellationToken cancellation)
    {
        if (await TypeAsync(commit, cancellation) is not (null or CommitType) and var type)
            throw new ProblemException($"{Component}: {commit} at {Url} is a {type}, not a commit",
                "Write a branch, a tag of a commit, or a commit SHA");
    }

    /// <summary>What an object is, tags peeled: commit, tree or blob. Null where the mirror does not have it.</summary>
    async Task<string?> TypeAsync(string id, CancellationToken cancellation)
    {
        if (!System.IO.Directory.Exists(Directory)) return null;
        var result = await Offline.Command("cat-file", "-t", $"{id}^{{}}").RunAsync(cancellation);
        return result.Succeeded ? result.Text : null;
    }

    /// <summary>
    /// The commit that an object id is of: its own, or that of an annotated tag. Null where the mirror does not have
    /// it.
    /// </summary>
    /// <param name="id">Full id.</param>
    /// <exception cref="ProblemException">It is no commit.</exception>
    public async Task<string?> PeelAsync(string id, CancellationToken cancellation = default)
    {
        if (!System.IO.Directory.Exists(Directory)) return null;
        var result = await Offline.Command("rev-parse", "--verify", "--quiet", "--end-of-options", $"{id}^{{commit}}")
            .RunAsync(cancellation);
        if (result.Succeeded) return result.Text;
        await RequireCommitAsync(id, cancellation);
        return null;
    }

    async Task<CommandResult> FetchAsync(AbsolutePath directory, string[] options, string[] refspecs,
        CancellationToken cancellation)
    {
        var git = new Git { Directory = directory, Remote = remote };
        string? said = null;
        using var work = watch?.Begin($"fetching {Component}", () => said);
        Task<CommandResult> Fetch(params string[] filter) => _retry.RunAsync(git.Command(
            ["fetch", watch is null ? "--quiet" : "--progress", "--no-write-fetch-head", .. filter, .. options,
                "origin", .. refspecs]) with
        {
            OnLine = watch is null ? null : x => said = x.Trim(),
        }, cancellation);

        // A server that ignores the filter sends everything; one that refuses it has to be asked without.
        var result = await Fetch("--filter=blob:none");
        return result.Succeeded || !result.Error.Contains("filter", StringComparison.Ordinal) ? result : await Fetch();
    }

    internal const string RawAttributes = "* -text -filter -ident -working-tree-encoding -eol\n";

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]*$")]
    private static partial Regex SafeName();
}
