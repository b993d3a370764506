using Nuke.Common.IO;
using OpenStack.Sources;

namespace OpenStack.Changes;

/// <summary>What the repository was at an earlier commit, beside what it is in the work tree.</summary>
/// <param name="root">The repository.</param>
public sealed class EarlierState(AbsolutePath root)
{
    /// <summary>What the catalog is read from.</summary>
    static readonly string[] s_catalog = ["images", "releases", "patches", "overrides"];

    /// <summary>What decides how images are made of it. Tests, documents, workflows and the laboratory do not.</summary>
    static readonly string[] s_code = ["build", "build.sh", "global.json", "Directory.Build.props", "Directory.Packages.props", ":(exclude)build/Lab", ":(exclude)build/**/*.md"];

    Git Git => new() { Directory = root / ".git", WorkTree = root, HasUserConfiguration = true };

    /// <summary>The commit that a user names; null where this clone does not have it.</summary>
    public async Task<string?> FindAsync(string revision)
    {
        var found = await Git.Command("rev-parse", "--verify", "--quiet", "--end-of-options", $"{revision}^{{commit}}").RunAsync();
        return found.Succeeded ? found.Text : null;
    }

    /// <summary>Writes the catalog as it was into a directory.</summary>
    public async Task WriteCatalogAsync(string commit, AbsolutePath directory)
    {
        Directory.CreateDirectory(directory);
        var there = (await Git.Command(["ls-tree", "--name-only", commit, "--", .. s_catalog]).RequireAsync()).Lines;
        if (there.Count == 0) return;
        var archive = directory / "catalog.tar";
        await Git.Command(["archive", "--format=tar", $"--output={archive}", commit, "--", .. there]).RequireAsync();
        await System.Formats.Tar.TarFile.ExtractToDirectoryAsync(archive, directory, overwriteFiles: true);
        File.Delete(archive);
    }

    /// <summary>Whether the program that builds images differs between a commit and the work tree.</summary>
    public async Task<bool> HasOtherCodeAsync(string commit)
    {
        var changed = await Git.Command(["diff", "--quiet", commit, "--", .. s_code]).RunAsync();
        if (!changed.Succeeded) return true;
        return (await Git.Command(["ls-files", "--others", "--exclude-standard", "--", .. s_code]).RequireAsync()).Text.Length > 0;
    }
}
