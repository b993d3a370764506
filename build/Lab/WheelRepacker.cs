using System.Text;
using System.Text.RegularExpressions;
using OpenStack.Constraints;

namespace OpenStack.Lab;

/// <summary>
/// Makes wheels of Debian's <c>python3-*</c> packages: the same code that PyPI's wheels hold, with the metadata mended
/// where Debian moved it into its own package relations.
/// </summary>
/// <param name="without">Distributions to leave out.</param>
/// <param name="versions">Versions that the packages tell wrongly.</param>
sealed partial class WheelRepacker(string python, string machine, IReadOnlySet<string> without,
    IReadOnlyDictionary<string, string> versions)
{
    readonly List<string> _notes = [];

    /// <summary>What was done beyond copying, for the report.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>
    /// The distributions of all packages. <paramref name="reach"/> gives what else is there where packages of these
    /// names are.
    /// </summary>
    public IReadOnlyList<WheelDraft> Repack(IReadOnlyList<(DebPackage Package, DebContent Content)> packages,
        Func<IEnumerable<string>, IEnumerable<DebContent>> reach)
    {
        var parts = packages.Where(x => x.Content.Modules.Count + ModuleLinks(x.Content).Count() > 0)
            .Select(x =>
                new Part(x.Package, x.Content.Copy(), [.. x.Package.Depends], [.. x.Package.Provides, x.Package.Name],
                InstalledMetadata.Directories(x.Content)))
            .OrderBy(x => x.Package.Name, StringComparer.Ordinal).ToList();
        foreach (var part in parts.Where(x => x.Directories.Count == 0)) Merge(part, parts);
        return [.. parts.Where(x => x.Directories.Count > 0).SelectMany(x => Split(Complete(x, reach)))];
    }

    /// <summary>
    /// Modules without metadata (<c>_cffi_backend</c>, <c>pkg_resources</c>) belong to the distribution of the same
    /// source.
    /// </summary>
    void Merge(Part part, List<Part> parts)
    {
        var named = parts.Where(x => x.Directories.Count > 0).ToList();
        var sameSource = named.Where(x => x.Package.Source == part.Package.Source).ToList();
        var host = sameSource.FirstOrDefault(x => x.Depends.Contains(part.Package.Name))
            ?? sameSource.FirstOrDefault()
            ?? named.FirstOrDefault(x => x.Depends.Contains(part.Package.Name));
        _notes.Add(host is null
            ? $"{part.Package.Name} has no metadata and no host: left out"
            : $"{part.Package.Name} has no metadata: merged into {host.Package.Name}");
        if (host is null) return;
        foreach (var (path, file) in part.Content.Modules) host.Content.Modules.TryAdd(path, file);
        foreach (var (path, target) in part.Content.Links) host.Content.Links.TryAdd(path, target);
        host.Depends.UnionWith(part.Depends);
        host.Provides.UnionWith(part.Provides);
    }

    /// <summary>
    /// Debian links to files that it keeps elsewhere (locale data, themes, scripts); a wheel holds the files.
    /// </summary>
    Part Complete(Part part, Func<IEnumerable<string>, IEnumerable<DebContent>> reach)
    {
        var tree = new Lazy<DebTree>(() => new DebTree([part.Content, .. reach(part.Depends)]));
        foreach (var (link, target) in ModuleLinks(part.Content))
        {
            var files = tree.Value.Below(target);
            if (files.Count == 0) _notes.Add($"{part.Package.Name}: link {link} to missing {target} left out");
            foreach (var (tail, file) in files) part.Content.Modules.TryAdd(link + tail, file);
        }

        _notes.AddRange(XStatic.Bundle(part.Content.Modules, () => tree.Value)
            .Select(x => $"{part.Package.Name}: {x}"));
        return part;
    }

    static IEnumerable<(string Link, string Target)> ModuleLinks(DebContent content) =>
        content.Links.Select(x => (Link: DebContent.ModulePath(x.Key)!, x.Value)).Where(x => x.Link is not null);

    /// <summary>
    /// A package may hold several distributions: modules go where <c>top_level.txt</c> says, the rest to the first.
    /// </summary>
    IEnumerable<WheelDraft> Split(Part part)
    {
        var owners = part.Directories.Select(x => TopLevel(part.Content, x)).ToList();
        foreach (var (directory, i) in part.Directories.Select((x, i) => (x, i)))
        {
            bool Mine(string path) =>
                owners.Count == 1 || Math.Max(0, owners.FindIndex(x => x.Contains(TopLevelName(path)))) == i;
            var modules =
                part.Content.Modules.Where(x => !InstalledMetadata.Holds(x.Key) && Mine(x.Key) && !IsForeign(x.Key));
            if (Draft(part, directory, modules.ToDictionary(StringComparer.Ordinal)) is { } draft
                && !without.Contains(draft.Key))
                yield return draft;
        }
    }

    WheelDraft? Draft(Part part, string directory, Dictionary<string, DebFile> modules)
    {
        if (InstalledMetadata.Read(part.Content, directory) is not var (metadata, entryPoints))
        {
            _notes.Add($"{part.Package.Name}: {directory} without metadata left out");
            return null;
        }

        var version = versions.GetValueOrDefault(PythonName.Of(metadata.Name).Value)
            ?? WheelVersion.Clean(metadata.Version);
        if (version != metadata.Version)
            _notes.Add($"{part.Package.Name}: version {metadata.Version} written as {version}");
        metadata.Set("Version", version);
        return new WheelDraft(part.Package.Name, metadata.Name, version, metadata, python, machine)
        {
            Files = modules,
            EntryPoints = entryPoints,
            Depends = part.Depends,
            Provides = part.Provides,
            IsNative = modules.Keys.Any(x => SharedObject().IsMatch(x)),
        };
    }

    /// <summary>Whether it is the same extension module for another version of Python.</summary>
    bool IsForeign(string path) =>
        Extension().Match(path) is { Success: true } match
        && match.Groups[1].Value != python.Replace(".", "", StringComparison.Ordinal);

    static HashSet<string> TopLevel(DebContent content, string directory)
    {
        var project = Path.GetFileNameWithoutExtension(directory).Split('-')[0];
        var names = content.Modules.TryGetValue($"{directory}/top_level.txt", out var file)
            ? Encoding.UTF8.GetString(file.Bytes)
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [project, PythonName.Of(project).Value.Replace('-', '_')];
        return [.. names.Select(x => x.ToLowerInvariant())];
    }

    static string TopLevelName(string path) => ModuleSuffix().Replace(path.Split('/')[0], "").ToLowerInvariant();

    [GeneratedRegex(@"\.py$|\..*\.so$")]
    private static partial Regex ModuleSuffix();

    [GeneratedRegex(@"\.so(\.\d+)*$")]
    private static partial Regex SharedObject();

    [GeneratedRegex(@"\.cpython-(\d+)-")]
    private static partial Regex Extension();

    /// <summary>
    /// A package with what was merged into it; <c>Directories</c> are its metadata directories, one per distribution.
    /// </summary>
    sealed record Part(DebPackage Package, DebContent Content, HashSet<string> Depends, HashSet<string> Provides,
        List<string> Directories);
}
