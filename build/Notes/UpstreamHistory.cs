using OpenStack.Diagnostics;
using OpenStack.Holdings;
using OpenStack.Sources;
using OpenStack.Updates;

namespace OpenStack.Notes;

/// <summary>
/// What upstream did between the commits that components are built from. What a mirror lacks it fetches, where it may;
/// what cannot be had is not known, and no mistake of an image.
/// </summary>
/// <param name="mirrorOf">The mirror of a repository, by its address; null where it is none of ours.</param>
sealed class UpstreamHistory(Func<string, Mirror?> mirrorOf)
{
    /// <param name="before">Null where it was not there.</param>
    /// <param name="after">Null where it is not there any more.</param>
    public async Task<SourceNote> ReadAsync(HeldComponent? before, HeldComponent? after)
    {
        var note = new SourceNote((after ?? before)!.Name, before?.Version, after?.Version, before?.Commit,
            after?.Commit);
        if (note.FromCommit is not { } from || note.ToCommit is not { } to)
            return note with
            {
                NotKnown = before is null ? "it was not there before" : after is null ? "it is not there any more"
                    : note.FromCommit is null ? "it was not built from source before"
                    : "it is not built from source any more",
            };
        var remote = after!.Remote ?? before!.Remote ?? "";
        if (mirrorOf(remote) is not { } mirror)
            return note with
            {
                NotKnown = $"there is no mirror of {(remote.Length == 0 ? "its source" : remote)}",
            };
        foreach (var commit in (string[])[to, from])
        {
            if (await ReasonToLackAsync(mirror, commit) is { } reason) return note with { NotKnown = reason };
        }

        return note with
        {
            Commits = (await UpstreamChanges.ReadAsync(mirror, from, to)).Commits,
            Gone = (await UpstreamChanges.ReadAsync(mirror, to, from)).Commits,
        };
    }

    /// <summary>Whether the source of a component has the change of a patch that it had before.</summary>
    public async Task<InHistory> HasAsync(HeldComponent? component, HeldPatch patch)
    {
        if (component is null) return new InHistory(null, "its component is not there any more");
        if (component.Commit is not { } commit)
            return new InHistory(null, $"{component.How}: what its maker put into it is not said");
        if (mirrorOf(component.Remote ?? "") is { } mirror) _ = await ReasonToLackAsync(mirror, commit);
        return await new RefHistory(mirrorOf).AskAsync(component, Change.OfPatch(patch.Name), patch);
    }

    static async Task<string?> ReasonToLackAsync(Mirror mirror, string commit)
    {
        try
        {
            if (!await mirror.HasCommitAsync(commit)) await mirror.EnsureAsync(commit);
            return null;
        }
        catch (ProblemException e)
        {
            return e.Problems[0].Found;
        }
    }
}
