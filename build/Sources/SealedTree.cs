using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// A source tree with its patches, sealed: one commit in a fresh repository that is the same, byte for byte, whenever
/// and wherever it is made. PBR lists package data with <c>git ls-files</c>, so every file has to be in the index,
/// those of a patch too; the version goes to the build as <c>PBR_VERSION</c>, because this repository has no tags.
/// </summary>
/// <param name="Source">The tree that was patched. Its version stays: a patched service is still that version.</param>
/// <param name="Patches">In the order of application.</param>
public sealed record SealedTree(SourceTree Source, IReadOnlyList<AppliedPatch> Patches)
{
    const string Ref = "refs/heads/source";

    /// <summary>Makes the sealed tree, or, if any patch fails, nothing.</summary>
    /// <param name="checkout">The tree of the commit, without patches; left as it is.</param>
    /// <param name="destination">Must not exist. Whoever calls renames it to its place.</param>
    /// <exception cref="ProblemException">Patches that cannot be applied, all of them.</exception>
    public static async Task<SealedTree> MakeAsync(
        SourceTree source, AbsolutePath checkout, PatchSeries series, AbsolutePath destination,
        CancellationToken cancellation = default)
    {
        await TreeCopy.CopyAsync(checkout, destination, cancellation);
        var git = new Git { Directory = destination / ".git", WorkTree = destination };
        InitializeRepository(git.Directory);
        IReadOnlyList<AppliedPatch> patches;
        try
        {
            patches = await new PatchApplication(git, checkout, series).ApplyAsync(cancellation);
        }
        catch (ProblemException)
        {
            await Removal.RemoveAsync(destination);
            throw;
        }

        Directory.Delete(git.Directory / "info", recursive: true);
        await FastImport.CommitAsync(git, Ref, Message(source, patches), source.CommittedAt, cancellation);
        await git.Command("read-tree", Ref).RequireAsync(cancellation);
        TreeCopy.NormalizeModes(git.Directory);
        return new SealedTree(source, patches);
    }

    public void Write(AbsolutePath file) =>
        AtomicFile.WriteText(file, JsonSerializer.Serialize(this, SourcesJson.Readable.SealedTree) + "\n");

    /// <exception cref="ProblemException">The file is not there or not what <see cref="Write"/> writes.</exception>
    public static SealedTree Read(AbsolutePath file) => SourcesJson.Read(file, SourcesJson.Readable.SealedTree);

    /// <summary>
    /// What <c>git init</c> makes, less what differs between machines, and for as long as patches are applied no
    /// filters.
    /// </summary>
    static void InitializeRepository(AbsolutePath directory)
    {
        foreach (var name in (string[])["objects", "refs", "info"]) Directory.CreateDirectory(directory / name);
        File.WriteAllText(directory / "HEAD", $"ref: {Ref}\n");
        File.WriteAllText(directory / "config",
            "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n");
        File.WriteAllText(directory / "info" / "attributes", Mirror.RawAttributes);
    }

    static string Message(SourceTree source, IReadOnlyList<AppliedPatch> patches) =>
        $"{source.Source.Component} {source.Version} of {source.Source.Commit}\n"
        + string.Concat(patches.Select((x, i) => $"{(i == 0 ? "\n" : "")}{x.Title} {x.Digest}\n"));
}
