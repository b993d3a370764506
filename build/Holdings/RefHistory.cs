using System.Collections.Concurrent;
using OpenStack.Sources;

namespace OpenStack.Holdings;

/// <summary>
/// Whether upstream had made a change in the commit that a component is built from, as the mirrors here know it.
/// </summary>
/// <param name="mirrorOf">The mirror of a repository, by its address; null where there is none here.</param>
public sealed class RefHistory(Func<string, Mirror?> mirrorOf)
{
    readonly ConcurrentDictionary<(string Remote, string Commit), Lazy<Task<InHistory>>> _answers = new();

    /// <param name="component">It is built from source.</param>
    /// <param name="change">What is looked for.</param>
    /// <param name="maker">A patch that makes it, of another image; null where only the commit is known.</param>
    public Task<InHistory> AskAsync(HeldComponent component, Change change, HeldPatch? maker) =>
        _answers.GetOrAdd((component.Remote ?? "", component.Commit!),
            x => new(() => FindAsync(x.Remote, x.Commit, change, maker))).Value;

    async Task<InHistory> FindAsync(string remote, string commit, Change change, HeldPatch? maker)
    {
        if (mirrorOf(remote) is not { UpdatedAt: not null } mirror)
            return new(null, $"there is no mirror of {(remote.Length == 0 ? "its source" : remote)} here to look for "
                + $"it in {Short(commit)}: run ResolveRefs");
        if (!await mirror.HasCommitAsync(commit)) return new(null, $"the mirror here does not know {Short(commit)}");
        if (change.Commit is not null) return await IsAncestorAsync(mirror, commit, change.Commit);
        if (maker?.Text is not { } text) return new(null, "the text of the patch is not there to look for it");
        var found = await new UpstreamSearch(mirror, commit).FindAsync(PatchText.Parse(text), maker.Header);
        return found is null ? new(false, $"neither a patch nor the history of {Short(commit)} has it")
            : new(true, $"in its source, as commit {found}");
    }

    static async Task<InHistory> IsAncestorAsync(Mirror mirror, string commit, string wanted)
    {
        if (await mirror.ExpandAsync(wanted) is not { } whole || !await mirror.HasCommitAsync(whole))
            return new(null, $"the mirror here does not know {Short(wanted)}", IsStranger: true);
        var result = await mirror.Offline.Command("merge-base", "--is-ancestor", whole, commit).RunAsync();
        return result.ExitCode switch
        {
            0 => new(true, $"in the history of its source, {Short(commit)}"),
            1 => new(false, $"not in the history of its source, {Short(commit)}"),
            _ => new(null, $"git cannot tell: {result.Error.Trim()}"),
        };
    }

    static string Short(string commit) => commit.Length > 12 ? commit[..12] : commit;
}
