using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.Sources;

/// <summary>Refs in the order of their requests, and what the user should know about them.</summary>
public sealed record Resolution(IReadOnlyList<ResolvedRef> Refs, IReadOnlyList<string> Notes);

/// <summary>
/// Turns refs into commits. A tag or commit that the mirror holds is answered from there; a full commit id needs
/// neither mirror nor remote (the checkout verifies it); a branch moves, so its remote is asked, once per remote.
/// </summary>
public sealed partial class RefResolver(AbsolutePath mirrorsDirectory, NetworkRetry? retry = null)
{
    readonly NetworkRetry _retry = retry ?? NetworkRetry.Default;
    readonly ConcurrentDictionary<string, Lazy<Task<CommandResult>>> _remotes = new(StringComparer.Ordinal);

    /// <exception cref="ProblemException">Refs that cannot be resolved, all of them together.</exception>
    public async Task<Resolution> ResolveAsync(IReadOnlyList<RefRequest> requests,
        CancellationToken cancellation = default)
    {
        var answers = await Task.WhenAll(requests.Select(x => ResolveAsync(x, TryResolveAsync, cancellation)));
        // A remote that was asked for one ref tells of the others, too: a tag that moved is not to hide behind the
        // mirror.
        answers = await Task.WhenAll(requests.Zip(answers, async (request, answer) =>
            answer.IsOfMirror && _remotes.TryGetValue(request.Remote, out var asked) && (await asked.Value).Succeeded
                ? await ResolveAsync(request, AskAsync, cancellation)
                : answer));
        ProblemException.ThrowIfAny([.. answers.SelectMany(x => x.Problems)]);
        return new Resolution(
            [.. answers.Select(x => x.Ref!)],
            [.. answers.Select(x => x.Note).OfType<string>().Distinct()]);
    }

    /// <summary>The branches and tags of a remote as they are now; it is asked once.</summary>
    /// <param name="component">What messages call it.</param>
    /// <exception cref="ProblemException">It cannot be reached.</exception>
    public async Task<RefList> RefsAsync(string component, string remote, CancellationToken cancellation = default)
    {
        var result = await ListAsync(remote, null, cancellation);
        RemoteFailure.ThrowIfFailed(component, remote, result);
        ThrowIfForeign(component, remote, result);
        return RefList.Parse(result.Lines);
    }

    /// <summary>The refs of a remote whose full names match a pattern of git's, with what they are at.</summary>
    /// <param name="component">What messages call it.</param>
    /// <exception cref="ProblemException">It cannot be reached.</exception>
    public async Task<IReadOnlyDictionary<string, string>> MatchingAsync(string component, string remote,
        string pattern, CancellationToken cancellation = default)
    {
        var result = await ListAsync(remote, pattern, cancellation);
        RemoteFailure.ThrowIfFailed(component, remote, result);
        ThrowIfForeign(component, remote, result);
        return result.Lines.Select(x => x.Split('\t')).Where(x => x.Length == 2)
            .ToDictionary(x => x[1], x => x[0], StringComparer.Ordinal);
    }

    /// <summary>
    /// What a ref is that is locked at a commit: the mirror knows its kind, and nobody else is asked.
    /// </summary>
    /// <exception cref="ProblemException">It is a tag that is recorded at another commit.</exception>
    public static async Task<ResolvedRef> LockedAsync(RefRequest request, Mirror mirror, string commit,
        CancellationToken cancellation = default)
    {
        var isCommit = Hexadecimal().IsMatch(request.Ref)
            && commit.StartsWith(request.Ref, StringComparison.OrdinalIgnoreCase);
        var kind = isCommit ? RefKind.Commit
            : RefList.IsOther(request.Ref) ? RefKind.Change
            : (await mirror.RefsAsync(cancellation))?.Find(request.Ref)?.Kind ?? RefKind.Branch;
        return Found(request, kind, commit).Ref!;
    }

    static async Task<Answer> ResolveAsync(RefRequest request,
        Func<RefRequest, CancellationToken, Task<Answer>> resolve, CancellationToken cancellation)
    {
        try
        {
            return await resolve(request, cancellation);
        }
        catch (ProblemException e)
        {
            return new Answer(null, null, [.. e.Problems.Select(request.Place)]);
        }
    }

    async Task<Answer> TryResolveAsync(RefRequest request, CancellationToken cancellation)
    {
        if (request.LocalTree is { } tree)
        {
            var local = await LocalTree.ReadAsync(request.Component, tree, cancellation);
            var note = local.Notes.Count > 0 ? string.Join("; ", local.Notes) : null;
            return new Answer(local.Resolve(request.Component, request.Remote), note, []);
        }

        var name = request.Ref;
        var isHexadecimal = Hexadecimal().IsMatch(name);
        var mirror = new Mirror(mirrorsDirectory, request.Component, request.Remote);
        // Of an annotated tag, where that is known by now.
        if (isHexadecimal && name.Length is 40 or 64)
        {
            var peeled = await mirror.PeelAsync(name, cancellation);
            return Found(request, RefKind.Commit, peeled ?? name.ToLowerInvariant());
        }

        if (!Names.Ref.Admits(name))
        {
            throw new ProblemException(
                $"{request.Component}: '{name}' is no ref", "Write a branch, a tag or a commit SHA");
        }

        var held = await mirror.RefsAsync(cancellation);
        // A tag that is not where it is recorded was moved, or the mirror is from before or after that: the remote
        // knows.
        if (held?.Find(name) is (RefKind.Tag, var tagged)
            && (request.Locked is null || request.Locked.Commit == tagged))
            return Found(request, RefKind.Tag, tagged, AmbiguityNote(request, held)) with { IsOfMirror = true };
        if (isHexadecimal && held?.Find(name) is null && await mirror.ExpandAsync(name, cancellation) is { } commit)
            return Found(request, RefKind.Commit, commit);
        return await AskAsync(request, cancellation);
    }

    async Task<Answer> AskAsync(RefRequest request, CancellationToken cancellation)
    {
        var name = request.Ref;
        var mirror = new Mirror(mirrorsDirectory, request.Component, request.Remote);
        var held = await mirror.RefsAsync(cancellation);
        var isOther = RefList.IsOther(name);
        var result = await ListAsync(request.Remote, isOther ? name : null, cancellation);
        if (NetworkRetry.IsTransient(result) && held is not null
            && request.FindIn(held) is var (last, lastKind, lastCommit))
        {
            var found = RemoteFailure.Describe(request.Component, request.Remote, result).Found;
            return Found(request with { Ref = last }, lastKind, lastCommit,
                $"{found}; {request.NoteOf(last) ?? $"'{last}' is taken"} from the mirror as of its last fetch");
        }

        RemoteFailure.ThrowIfFailed(request.Component, request.Remote, result);
        ThrowIfForeign(request.Component, request.Remote, result);
        if (isOther)
        {
            return RefList.FindOther(result.Lines, name) is { } other
                ? Found(request, RefKind.Change, other)
                : throw new ProblemException(
                    $"{request.Component}: there is no ref '{name}' at {RemoteUrl.WithoutCredentials(request.Remote)}",
                    "See what 'git ls-remote' lists there");
        }

        var list = RefList.Parse(result.Lines);
        if (held is not null && !held.HasTagsOf(list)) mirror.MarkBehind();
        return request.FindIn(list) is var (taken, kind, commit)
            ? Found(request with { Ref = taken }, kind, commit, request.NoteOf(taken) ?? AmbiguityNote(request, list))
            : throw new ProblemException(new Problem(
                $"{request.Component}: there is no branch or tag '{name}' at "
                + $"{RemoteUrl.WithoutCredentials(request.Remote)}",
                Remedy: Hexadecimal().IsMatch(name)
                    ? "If it is a commit, write its full SHA"
                    : RefSuggestion.For(name, list)));
    }

    /// <param name="name">Full name of a ref that is neither a branch nor a tag; null for all of those.</param>
    Task<CommandResult> ListAsync(string remote, string? name, CancellationToken cancellation)
    {
        string[] wanted = name is null ? ["--heads", "--tags", "origin"] : ["origin", name];
        return _remotes.GetOrAdd(name is null ? remote : $"{remote}\n{name}", _ => new Lazy<Task<CommandResult>>(
            () => _retry.RunAsync(new Git { Remote = remote }.Command(["ls-remote", "--quiet", .. wanted]),
                cancellation))).Value;
    }

    /// <exception cref="ProblemException">The remote has object ids that cannot be read.</exception>
    static void ThrowIfForeign(string component, string remote, CommandResult listed)
    {
        if (ObjectFormat.IsForeign(listed.Lines.Select(x => x.Split('\t')[0])))
            throw new ProblemException(ObjectFormat.Describe(component, RemoteUrl.WithoutCredentials(remote)));
    }

    /// <exception cref="ProblemException">It is a tag that is recorded at another commit.</exception>
    static Answer Found(RefRequest request, RefKind kind, string commit, string? note = null)
    {
        var remote = RemoteUrl.WithoutCredentials(request.Remote);
        if (kind == RefKind.Tag && request.Locked is { } locked && locked.Commit != commit)
        {
            throw new ProblemException(
                $"{request.Component}: the tag '{request.Ref}' at {remote} is at commit {commit}, but was at "
                + $"{locked.Commit} when it was recorded ({locked.File}:{locked.Line})",
                "Find out why it was moved before you trust it; to accept it, delete line "
                + $"{locked.Line} of {locked.File}");
        }

        return new Answer(new ResolvedRef(request.Component, remote, request.Ref, kind, commit), note, []);
    }

    static string? AmbiguityNote(RefRequest request, RefList list) => list.IsAmbiguous(request.Ref)
        ? $"{request.Component}: '{request.Ref}' is a tag and a branch at different commits; the tag is taken. "
            + $"Write 'refs/heads/{request.Ref}' for the branch"
        : null;

    [GeneratedRegex("^[0-9A-Fa-f]{7,64}$")]
    private static partial Regex Hexadecimal();

    sealed record Answer(ResolvedRef? Ref, string? Note, IReadOnlyList<Problem> Problems, bool IsOfMirror = false);
}
