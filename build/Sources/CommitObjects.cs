using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>
/// All objects that the tree of a commit is made of. Git does not compare what it reads from a pack with its id; here
/// it is, from the commit over its trees to the last file: the id of the commit stands for every byte of it.
/// </summary>
static class CommitObjects
{
    /// <summary>Makes a mirror hold all of them, and looks at each.</summary>
    /// <exception cref="ProblemException">They cannot be had, or are others.</exception>
    public static async Task EnsureAsync(Mirror mirror, string commit, CancellationToken cancellation = default)
    {
        // What git cannot read it does not list either: then looking at each says so.
        if (!await MirrorContents.EnsureAllAsync(mirror, $"{commit}^{{tree}}", cancellation)
            && await HasAllAsync(mirror, commit, cancellation) is { } missing)
            throw new ProblemException($"{mirror.Component}: files of {commit} cannot be had: {missing}",
                "Check the network and run the same command again");
        await VerifyAsync(mirror, commit, cancellation);
    }

    /// <summary>Looks at all of them, as they are in the mirror.</summary>
    /// <exception cref="ProblemException">Some are missing, or are not what they are called.</exception>
    public static async Task VerifyAsync(Mirror mirror, string commit, CancellationToken cancellation = default)
    {
        try
        {
            var listed = await TreeEntry.ListAsync(mirror.Offline.Command("ls-tree", "-r", "-t", "-z", "--full-tree",
                commit), cancellation);
            var entries = listed.Select(x => x.Split('\t', 2)[0].Split(' ')).Where(x => x[1] != "commit");
            var tree = await mirror.Offline.Command("rev-parse", "--verify", $"{commit}^{{tree}}")
                .RequireAsync(cancellation);
            var ids = entries.Select(x => x[2]).Prepend(tree.Text).Prepend(commit).Distinct().ToList();
            var objects = await BlobBatch.ReadObjectsAsync(mirror.Offline, ids, cancellation);
            var wrong = ids.Zip(objects).Where(x => x.Second is not { } found || IdOf(found, commit.Length) != x.First)
                .Select(x => x.First).ToList();
            if (wrong.Count > 0) throw Damaged(mirror, commit, $"{string.Join(", ", wrong.Take(3))}"
                + (wrong.Count > 3 ? $" and {wrong.Count - 3} more" : ""));
        }
        catch (ProblemException e) when (e.InnerException is null && e.Problems.All(x => x.File is null))
        {
            throw Damaged(mirror, commit, e.Problems[0].Found, e);
        }
    }

    static async Task<string?> HasAllAsync(Mirror mirror, string commit, CancellationToken cancellation)
    {
        var missing = await MirrorContents.MissingAsync(mirror, [$"{commit}^{{tree}}"], [], cancellation);
        return missing is { Count: > 0 } ? string.Join(", ", missing.Take(3)) : null;
    }

    [SuppressMessage("Security", "CA5350", Justification = "the object id of git")]
    static string IdOf((string Type, byte[] Content) found, int length)
    {
        byte[] bytes = [.. Encoding.ASCII.GetBytes($"{found.Type} {found.Content.Length}\0"), .. found.Content];
        return Convert.ToHexStringLower(length == 64 ? SHA256.HashData(bytes) : SHA1.HashData(bytes));
    }

    static ProblemException Damaged(Mirror mirror, string commit, string what, Exception? inner = null) => new(
        new Problem($"{mirror.Component}: objects of {commit} are missing, or are not what they are called: {what}",
            mirror.Directory, Expected: "every object of the commit's tree with its own id",
            Remedy: "Delete that directory, and run the target Prefetch"), inner);
}
