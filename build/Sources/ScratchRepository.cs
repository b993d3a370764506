using System.Text;
using Nuke.Common.IO;
using OpenStack.Processes;
using OpenStack.Storage;

namespace OpenStack.Sources;

/// <summary>
/// A repository for a moment: an index in which patches are tried, over the objects of a mirror that it borrows. The
/// mirror is left as it is, and no tree is written.
/// </summary>
sealed class ScratchRepository : IDisposable
{
    readonly Git _git;

    ScratchRepository(AbsolutePath directory) => _git = new Git { Directory = directory };

    AbsolutePath Index => _git.Directory! / "index";

    AbsolutePath Original => _git.Directory! / "index.original";

    AbsolutePath Before => _git.Directory! / "index.before";

    /// <summary>An index of the tree of a commit that the mirror holds.</summary>
    public static async Task<ScratchRepository> OfAsync(Mirror mirror, string commit,
        CancellationToken cancellation = default)
    {
        AbsolutePath directory = Directory.CreateTempSubdirectory("patches-").FullName;
        BorrowingRepository.Make(directory, "ref: refs/heads/scratch", mirror.Directory);
        Directory.CreateDirectory(directory / "info");
        await File.WriteAllTextAsync(directory / "info" / "attributes", Mirror.RawAttributes, cancellation);
        var scratch = new ScratchRepository(directory);
        try
        {
            await scratch._git.Command("read-tree", commit).RequireAsync(cancellation);
            File.Copy(scratch.Index, scratch.Original);
            return scratch;
        }
        catch
        {
            scratch.Dispose();
            throw;
        }
    }

    public void Dispose() => Removal.Remove(_git.Directory!);

    /// <summary>Applies patches on top of each other, all of them or none.</summary>
    public Task<CommandResult> ApplyAsync(IEnumerable<AbsolutePath> patches, CancellationToken cancellation = default)
    {
        File.Copy(Index, Before, overwrite: true);
        return Apply(_git, [], patches).RunAsync(cancellation);
    }

    /// <summary>Takes the last <see cref="ApplyAsync"/> back.</summary>
    public void Undo() => File.Copy(Before, Index, overwrite: true);

    /// <summary>Whether the change of a patch is in the tree as patched so far.</summary>
    public async Task<bool> HasAsync(AbsolutePath patch, CancellationToken cancellation = default) =>
        (await Apply(_git, ["--reverse", "--check"], [patch]).RunAsync(cancellation)).Succeeded;

    /// <summary>Whether the change of a patch is in the tree of the commit.</summary>
    /// <param name="exactly">Whether it must be at the very lines that the patch says.</param>
    public async Task<bool> OriginalHasAsync(AbsolutePath patch, bool exactly, CancellationToken cancellation = default)
    {
        var result = await Apply(_git with { Index = Original }, ["--reverse", "--check"], [patch])
            .RunAsync(cancellation);
        return exactly ? ApplyReport.IsExact(result) : result.Succeeded;
    }

    /// <summary>
    /// Contents of a file of the tree as patched so far, one byte a character; null where there is none.
    /// </summary>
    public async Task<string?> ReadAsync(string name)
    {
        using var contents = new MemoryStream();
        var result = await (_git.Command("cat-file", "blob", $":{name}") with
        {
            OutputReader = (stream, token) => stream.CopyToAsync(contents, token),
        }).RunAsync();
        return result.Succeeded ? Encoding.Latin1.GetString(contents.ToArray()) : null;
    }

    /// <summary>The files of the tree as patched so far.</summary>
    public Task<IReadOnlyList<TreeEntry>> ListAsync(CancellationToken cancellation = default) =>
        TreeEntry.OfIndexAsync(_git, cancellation);

    /// <summary>The symbolic links among some files of the tree as patched so far.</summary>
    public async Task<TreeLinks> ReadLinksAsync(
        IReadOnlyList<TreeEntry> links, CancellationToken cancellation = default)
    {
        var texts = await BlobBatch.ReadAsync(_git, [.. links.Select(x => x.Id)], cancellation);
        return new TreeLinks(links.Zip(texts).Where(x => x.Second is not null)
            .ToDictionary(x => x.First.Name, x => Encoding.Latin1.GetString(x.Second!), StringComparer.Ordinal));
    }

    static Command Apply(Git git, string[] options, IEnumerable<AbsolutePath> patches) =>
        git.Command(["apply", "--cached", "--verbose", "--whitespace=nowarn", .. options, "--",
            .. patches.Select(x => (string)x)]);
}
