using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Backports;

/// <summary>Changes that are taken together, in upstream's order.</summary>
/// <param name="Notes">What the user should know of how they were found.</param>
sealed record ChangeSeries(IReadOnlyList<UpstreamChange> Changes, IReadOnlyList<string> Notes)
{
    /// <summary>The mirror that has the commits; null of mails.</summary>
    public Mirror? Mirror { get; init; }

    /// <summary>The file of the mails; null of commits.</summary>
    public AbsolutePath? File { get; init; }

    /// <summary>Reads commits that a mirror holds.</summary>
    /// <exception cref="ProblemException">One of them is a merge, or nothing is left of them; what they change cannot
    /// be a patch.</exception>
    public static async Task<ChangeSeries> OfCommitsAsync(Mirror mirror, IReadOnlyList<string> commits,
        CancellationToken cancellation = default)
    {
        var found = await CommitReader.ReadAsync(mirror, commits, cancellation);
        var notes = new List<string>();
        var isOne = commits.Count == 1;
        var problems = new List<Problem>();
        foreach (var merge in found.Where(x => x.IsMerge))
        {
            if (isOne)
                problems.Add(new Problem($"{mirror.Component}: {merge.Change} is a merge: it has no change of its own",
                    Expected: "a commit with one parent",
                    Remedy: "Name the commits that it brings: "
                        + $"{merge.Change.Parent![..10]}..{merge.Change.Commit![..10]}"));
            else notes.Add($"{merge.Change} is a merge, and is left out");
        }

        var changes = found.Where(x => !x.IsMerge).Select(x => x.Change).ToList();
        foreach (var empty in changes.Where(x => x.Text.Files.Count == 0))
        {
            if (isOne) problems.Add(new Problem($"{mirror.Component}: {empty} is empty: it changes no file"));
            else notes.Add($"{empty} is empty, and is left out");
        }

        changes.RemoveAll(x => x.Text.Files.Count == 0);
        problems.AddRange(changes.SelectMany(Check));
        ProblemException.ThrowIfAny(problems);
        return changes.Count > 0 ? new ChangeSeries(changes, notes) { Mirror = mirror }
            : throw new ProblemException($"{mirror.Component}: there is no change among {commits.Count} commits",
                "Name others with --from");
    }

    /// <summary>What no release can take, as it would be no patch.</summary>
    static IEnumerable<Problem> Check(UpstreamChange change) =>
        PatchRules.Check(change.Text, $"{change}").Select(x => x with { Line = 0 });
}
