using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>Another repository that a tree names, at a commit (gitmodules(5)).</summary>
/// <param name="Path">Where it would be in the tree.</param>
/// <param name="Url">As <c>.gitmodules</c> has it; null where that does not know it.</param>
/// <param name="Commit">That the tree names.</param>
public sealed record Submodule(string Path, string? Url, string Commit)
{
    const string File = ".gitmodules";

    /// <summary>Those of the tree of a commit, which the mirror has.</summary>
    public static async Task<IReadOnlyList<Submodule>> OfAsync(Mirror mirror, string commit,
        CancellationToken cancellation = default)
    {
        var entries = await TreeEntry.OfTreeAsync(mirror.Offline, commit, cancellation);
        var links = entries.Where(x => x.IsSubmodule).ToList();
        if (links.Count == 0) return [];
        var listed = entries.All(x => x.Name != File) ? ""
            : (await mirror.Online.Command("config", "--blob", $"{commit}:{File}", "--list", "-z")
                .RequireAsync(cancellation)).Output;
        // By section, submodule.<name>, its settings; a value may have anything in it but NUL.
        var sections = listed.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(x => x.Split('\n', 2)).Where(x => x.Length == 2 && x[0].LastIndexOf('.') > 0)
            .GroupBy(x => x[0][..x[0].LastIndexOf('.')], x => (Name: x[0][(x[0].LastIndexOf('.') + 1)..], Value: x[1]))
            .Select(x => x.DistinctBy(y => y.Name).ToDictionary(y => y.Name, y => y.Value)).ToList();
        return [.. links.Select(x => new Submodule(x.Name, sections
            .FirstOrDefault(y => y.GetValueOrDefault("path") == x.Name)?.GetValueOrDefault("url"), x.Id))];
    }

    /// <summary>What is wrong with what stands for it; null where nothing is.</summary>
    /// <param name="component">The component that names it.</param>
    /// <param name="instead">What is built in its place.</param>
    public Problem? Check(string component, ResolvedRef instead) => instead.Commit == Commit ? null
        : new Problem($"{component} names {Path} at {Commit}, and {instead.Component} is {instead.Ref} here, "
            + instead.Revision, Remedy: $"Write {Commit}, unless you mean another one");

    /// <summary>Whether it is that repository, however its address ends.</summary>
    public bool IsAt(string remote) => Url is not null && Plain(Url) == Plain(remote);

    static string Plain(string url) => RemoteUrl.WithoutSuffix(RemoteUrl.WithoutCredentials(url).TrimEnd('/'));
}
