using System.Text.RegularExpressions;
using Nuke.Common.IO;

namespace OpenStack.Tests.Workflows;

/// <summary>
/// What the jobs of a run hand to each other, by the rules of actions/upload-artifact and actions/download-artifact,
/// version 4.
/// </summary>
/// <param name="directory">Where they are kept.</param>
sealed partial class WorkflowArtifacts(AbsolutePath directory)
{
    public IReadOnlyList<string> Names => Directory.Exists(directory)
        ? [.. directory.GlobDirectories("*").Select(x => x.Name).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>Where the files of one are.</summary>
    public AbsolutePath Of(string name) => directory / name;

    /// <summary>
    /// Takes files over: those below the paths, without hidden ones; a pattern after <c>!</c> takes some of them away
    /// again. They are called as they are below what the paths have in common.
    /// </summary>
    /// <param name="name">
    /// Nobody may have used it in this run, nor anything in it that file systems do not like.
    /// </param>
    /// <param name="paths">One per line, relative to the workspace.</param>
    /// <exception cref="InvalidOperationException">The name is none, or taken, or there are no files.</exception>
    public void Upload(string name, string paths, AbsolutePath workspace)
    {
        if (Forbidden().IsMatch(name))
            throw new InvalidOperationException($"'{name}' cannot be the name of an artifact");
        if (Directory.Exists(Of(name))) throw new InvalidOperationException($"there is an artifact {name} already");
        var patterns = paths.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(x => new Pattern(x, workspace))
            .ToList();
        var searched = patterns.Where(x => !x.IsExclusion).Select(x => x.SearchPath).Distinct().ToList();
        searched.RemoveAll(x => searched.Any(y => y != x && IsBelow(x, y)));
        var files = searched.SelectMany(FilesIn)
            .Where(x => !IsHidden(Path.GetRelativePath(workspace, x)))
            .Where(x => IsTaken(x, patterns))
            .ToList();
        if (files.Count == 0)
            throw new InvalidOperationException($"{name}: no files are found in {paths.ReplaceLineEndings(", ")}");
        var root = searched.Count > 1
            ? CommonDirectory(searched) : File.Exists(searched[0]) ? searched[0].Parent! : searched[0];
        foreach (var file in files) Copy(file, Of(name) / Path.GetRelativePath(root, file));
    }

    /// <summary>Hands one over.</summary>
    /// <exception cref="InvalidOperationException">There is none of this name.</exception>
    public void Download(string name, AbsolutePath target)
    {
        if (!Directory.Exists(Of(name)))
            throw new InvalidOperationException($"there is no artifact {name}; there are {string.Join(", ", Names)}");
        foreach (var file in FilesIn(Of(name))) Copy(file, target / Path.GetRelativePath(Of(name), file));
    }

    /// <summary>Hands several over, perhaps none.</summary>
    /// <param name="merge">All into one directory; otherwise each has its own.</param>
    public void DownloadAll(string pattern, AbsolutePath target, bool merge)
    {
        foreach (var name in Names.Where(x => Glob(pattern).IsMatch(x))) Download(name, merge ? target : target / name);
    }

    /// <summary><c>*</c> and <c>?</c> stand for anything in one name, <c>**</c> for any number of names.</summary>
    public static Regex Glob(string pattern) => new("^" + Regex.Escape(pattern)
        .Replace(@"/\*\*/", "/(?:.*/)?", StringComparison.Ordinal).Replace(@"\*\*", ".*", StringComparison.Ordinal)
        .Replace(@"\*", "[^/]*", StringComparison.Ordinal).Replace(@"\?", "[^/]", StringComparison.Ordinal) + @"\z");

    /// <summary>Who may read, write or run a file is not kept.</summary>
    static void Copy(string from, AbsolutePath to)
    {
        Directory.CreateDirectory(to.Parent!);
        File.Delete(to);
        using var source = File.OpenRead(from);
        using var target = File.Create(to);
        source.CopyTo(target);
    }

    static IEnumerable<string> FilesIn(AbsolutePath path) => File.Exists(path) ? [path]
        : Directory.Exists(path) ? Directory.EnumerateFiles(path, "*",
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Order(StringComparer.Ordinal) : [];

    static bool IsHidden(string path) =>
        path.Split(Path.DirectorySeparatorChar).Any(x => x.StartsWith('.') && x is not ("." or ".."));

    /// <summary>The last pattern that says anything of a file, or of a directory that it is in, decides.</summary>
    static bool IsTaken(string file, IReadOnlyList<Pattern> patterns) =>
        patterns.LastOrDefault(x => x.Matches(file)) is { IsExclusion: false };

    static bool IsBelow(AbsolutePath path, AbsolutePath directory) =>
        path.ToString().StartsWith(directory + "/", StringComparison.Ordinal);

    static AbsolutePath CommonDirectory(List<AbsolutePath> paths)
    {
        var common = paths[0];
        while (!paths.All(x => x == common || IsBelow(x, common))) common = common.Parent!;
        return common;
    }

    [GeneratedRegex("""["':<>|*?\r\n\\/]""")]
    private static partial Regex Forbidden();

    /// <summary>
    /// A line of <c>path</c> (github.com/actions/toolkit, packages/glob): what it matches, with all that is below.
    /// </summary>
    sealed class Pattern
    {
        readonly Regex _glob;

        public Pattern(string line, AbsolutePath workspace)
        {
            IsExclusion = line.StartsWith('!');
            var path = Path.GetFullPath(line.TrimStart('!'), workspace);
            _glob = Glob(path);
            SearchPath = string.Join('/', path.Split('/').TakeWhile(x => !x.AsSpan().ContainsAny('*', '?', '[')));
        }

        public bool IsExclusion { get; }

        /// <summary>The directory above the first wildcard, or the path itself.</summary>
        public AbsolutePath SearchPath { get; }

        public bool Matches(string file)
        {
            for (var path = file; path is { Length: > 1 }; path = Path.GetDirectoryName(path))
                if (_glob.IsMatch(path)) return true;
            return false;
        }
    }
}
