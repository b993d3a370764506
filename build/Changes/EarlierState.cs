using Nuke.Common.IO;
using OpenStack.Sources;

namespace OpenStack.Changes;

/// <summary>What the repository was at an earlier commit, beside what it is in the work tree.</summary>
/// <param name="root">The repository.</param>
public sealed class EarlierState(AbsolutePath root)
{
    /// <summary>What the catalog is read from.</summary>
    static readonly string[] s_catalog = ["images", "releases", "patches", "overrides"];

    /// <summary>
    /// What decides how images are made of it. Tests, documents, workflows and the laboratory do not.
    /// </summary>
    static readonly string[] s_code = ["build", "build.sh", "global.json", "Directory.Build.props",
        "Directory.Packages.props", ":(exclude)build/Lab", ":(exclude)build/**/*.md"];

    readonly OwnRepository _repository = new(root / ".git");

    Git Git => _repository.AsUser;

    /// <summary>The commit that a user names; null where this clone does not have it.</summary>
    public Task<string?> FindAsync(string revision) => _repository.FindAsync(revision);

    /// <inheritdoc cref="OwnRepository.RequireAsync"/>
    public Task<string> RequireAsync(string revision, string option) => _repository.RequireAsync(revision, option);

    /// <summary>
    /// Writes the catalog as it was into a directory. An image, a release or a component's patches that are what they
    /// were are links to the work tree: most of the time that is nearly all of it, and writing files is what takes
    /// time.
    /// </summary>
    public async Task WriteCatalogAsync(string commit, AbsolutePath directory)
    {
        Directory.CreateDirectory(directory);
        var listed = Git.Command(["ls-tree", "-z", commit, "--", .. s_catalog.Select(x => $"{x}/")]).RequireAsync();
        var changed = await ChangedAsync(commit);
        var written = new List<string>();
        foreach (var entry in Split(await listed))
        {
            // Mode, type and id, a tab, the path.
            var path = entry[(entry.IndexOf('\t') + 1)..];
            if (changed.Contains(path) || !entry.Contains(" tree ", StringComparison.Ordinal)) written.Add(path);
            else Link(directory / path, root / path);
        }

        if (written.Count == 0) return;
        var archive = directory / "catalog.tar";
        await Git.Command(["--literal-pathspecs", "archive", "--format=tar", $"--output={archive}", commit, "--",
            .. written])
            .RequireAsync();
        await System.Formats.Tar.TarFile.ExtractToDirectoryAsync(archive, directory, overwriteFiles: true);
        File.Delete(archive);
    }

    static void Link(AbsolutePath link, AbsolutePath target)
    {
        Directory.CreateDirectory(link.Parent!);
        Directory.CreateSymbolicLink(link, target);
    }

    /// <summary>
    /// What of the catalog is not what it was: <c>images/nova</c>, <c>releases/2025.1</c>. Files that git ignores are
    /// nobody's change.
    /// </summary>
    async Task<IReadOnlySet<string>> ChangedAsync(string commit)
    {
        var differing = Git.Command(["diff", "--name-only", "--no-renames", "-z", commit, "--", .. s_catalog])
            .RequireAsync();
        var added = Git.Command(["ls-files", "--others", "--exclude-standard", "-z", "--", .. s_catalog])
            .RequireAsync();
        return Split(await differing)
            .Concat(Split(await added))
            .Select(x => string.Join('/', x.Split('/').Take(2)))
            .ToHashSet();
    }

    static string[] Split(Processes.CommandResult result) =>
        result.Output.TrimEnd('\n').Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether the program that builds images differs between a commit and the work tree.</summary>
    public async Task<bool> HasOtherCodeAsync(string commit)
    {
        var changed = await Git.Command(["diff", "--quiet", commit, "--", .. s_code]).RunAsync();
        // 1 is an answer; anything else is none (git-diff, --exit-code).
        if (changed.ExitCode == 1) return true;
        changed.RequireSuccess();
        return (await Git.Command(["ls-files", "--others", "--exclude-standard", "--", .. s_code])
            .RequireAsync()).Text.Length > 0;
    }
}
