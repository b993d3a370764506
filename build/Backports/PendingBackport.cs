using System.Text.Json;
using System.Text.Json.Serialization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.Backports;

/// <summary>How the conflict of a change was resolved.</summary>
/// <param name="Change">Its number in the series, from 0.</param>
/// <param name="Ours">The tree that it was put on: on another one it would be another conflict.</param>
/// <param name="Tree">The tree with it.</param>
sealed record ResolvedConflict(int Change, string Ours, string Tree);

/// <summary>A series that waits for somebody to resolve a conflict, and its work tree.</summary>
/// <param name="From">As the user named the changes.</param>
/// <param name="Commits">Those of the series; none where it is a file of mails.</param>
/// <param name="Change">Number of the change that conflicts, from 0.</param>
/// <param name="Ours">The tree that it was put on.</param>
sealed record PendingBackport(string Component, string Release, string From, IReadOnlyList<string> Commits, int Change,
    string Ours, IReadOnlyList<ResolvedConflict> Resolutions)
{
    const string Name = "backport.json";

    /// <summary>Where all of it is.</summary>
    [JsonIgnore]
    public AbsolutePath Place { get; init; } = null!;

    [JsonIgnore]
    public AbsolutePath Tree => Place / "tree";

    [JsonIgnore]
    public AbsolutePath Repository => Tree / ".git";

    /// <summary>A copy of the mails.</summary>
    [JsonIgnore]
    public AbsolutePath Mails => Place / "mails";

    public void Write() => AtomicFile.WriteText(Place / Name,
        JsonSerializer.Serialize(this, PendingJson.Default.PendingBackport));

    /// <summary>What is in a directory; null where nothing is.</summary>
    /// <exception cref="ProblemException">It cannot be understood.</exception>
    public static PendingBackport? Read(AbsolutePath place)
    {
        if (!File.Exists(place / Name)) return null;
        try
        {
            var read = JsonSerializer.Deserialize(File.ReadAllText(place / Name), PendingJson.Default.PendingBackport);
            return read! with { Place = place };
        }
        catch (JsonException e)
        {
            throw new ProblemException(new Problem($"it cannot be understood: {e.Message}", place / Name,
                Remedy: $"Remove {place}"), e);
        }
    }

    /// <summary>This with what was resolved in the work tree.</summary>
    /// <exception cref="ProblemException">Marks of conflicts are left in some files.</exception>
    public async Task<PendingBackport> ResolvedAsync(CancellationToken cancellation = default)
    {
        var git = new Git { Directory = Repository, WorkTree = Tree };
        var open = await NamesAsync(git, cancellation, "diff", "--name-only", "--diff-filter=U", "-z");
        var changed = await NamesAsync(git, cancellation, "diff", "--name-only", "--no-renames", "-z", "HEAD");
        ProblemException.ThrowIfAny([.. open.Concat(changed).Distinct(StringComparer.Ordinal)
            .Where(x => File.Exists(Tree / x))
            .Select(x => (File: x, Line: PickConflict.MarkIn(File.ReadAllText(Tree / x)))).Where(x => x.Line > 0)
            .Select(x => new Problem("the conflict is not resolved: there is a mark of it", Tree / x.File, x.Line,
                Remedy: "Resolve it, or take all of it back with --abort"))]);
        if (open.Count > 0)
            await git.Command(["--literal-pathspecs", "add", "--all", "--", .. open]).RequireAsync(cancellation);
        await git.Command("add", "--update").RequireAsync(cancellation);
        var tree = (await git.Command("write-tree", "--missing-ok").RequireAsync(cancellation)).Text;
        return this with { Resolutions = [.. Resolutions, new ResolvedConflict(Change, Ours, tree)] };
    }

    static async Task<IReadOnlyList<string>> NamesAsync(Git git, CancellationToken cancellation,
        params string[] command) =>
        [.. (await TreeEntry.ListAsync(git.Command(command), cancellation)).Select(PatchText.Utf8)];
}

[JsonSerializable(typeof(PendingBackport))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
sealed partial class PendingJson : JsonSerializerContext;
