using System.Text.RegularExpressions;
using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>
/// Adds and removes services and releases: works out every file that is to be written or removed, and reports every
/// reason why that must not be. The change itself is made by the caller.
/// </summary>
/// <param name="catalog">The catalog as it is.</param>
/// <param name="change">Takes the files.</param>
public sealed class CatalogEditor(ReleaseCatalog catalog, CatalogChange change)
{
    const string Bindep = $"images/{CatalogLoader.SystemPackages}";
    const string Groups = $"images/{GroupsFile.Name}";

    readonly List<Problem> _problems = [];

    /// <summary>Adds services to releases, and their images where there are none yet.</summary>
    /// <param name="templates">The files of each, by its name.</param>
    /// <exception cref="ProblemException">Something that would be added is there already.</exception>
    public void AddServices(IReadOnlyDictionary<string, ServiceTemplate> templates)
    {
        foreach (var (service, template) in templates) CheckNewService(service, template.ByRelease.Keys);
        ProblemException.ThrowIfAny([.. templates.Values.SelectMany(x => x.ByRelease.Values)
            .Select(x => Names.Ref.Check(x.Ref)).OfType<Problem>()]);
        foreach (var (service, template) in templates)
        {
            if (!catalog.Images.Contains(service))
                foreach (var (name, text) in template.ImageFiles()) change.Write($"images/{service}/{name}", text);
            foreach (var (release, component) in template.ByRelease)
            {
                // Behind the services, before the libraries.
                var reference = YamlText.Quote(component.Ref);
                AddEntry($"releases/{release}/{SourceRefsFile.Name}", component.Url is null ? $"{service}: {reference}"
                    : $"{service}: {{ ref: {reference}, url: {YamlText.Quote(component.Url)} }}",
                    x => catalog.Images.Contains(x) || templates.ContainsKey(x));
                if (template.ExtraPackages is { } packages)
                    AddEntry($"releases/{release}/{ExtraPackagesFile.Name}", packages);
                if (component.EntryPoints is { } entryPoints)
                    AddEntry($"releases/{release}/{EntryPointsFile.Name}", EntryOf(service, entryPoints));
            }
        }
    }

    /// <summary>Lets a release build a library from source, behind what it has.</summary>
    public void AddLibrary(string release, string library, string reference) =>
        AddEntry($"releases/{release}/{SourceRefsFile.Name}", $"{library}: {YamlText.Quote(reference)}");

    /// <summary>Fails where <see cref="AddServices"/> would, before what it needs is looked up.</summary>
    /// <exception cref="ProblemException">All that speaks against it.</exception>
    public void CheckNewService(string service, IEnumerable<string> releases)
    {
        Check(Names.Component.Check(service));
        foreach (var release in releases)
        {
            if (catalog.Releases[release].SourceRefs.GetValueOrDefault(service) is { } there)
                Check(new Problem($"'{service}' is a component of release {release} already", there.File, there.Line,
                    there.Column, Remedy: "Name the other releases with --release"));
        }

        if (!catalog.Services.Contains(service) && Directory.Exists(catalog.ImageDirectory(service)))
            Check(new Problem("there is such a directory already, of no service", $"images/{service}",
                Remedy: "Choose another name, or remove it"));
        ThrowIfAny();
    }

    /// <summary>
    /// Removes a service from releases, with the plugins that no other service there has, and its image where no
    /// release has it any more.
    /// </summary>
    /// <param name="withPatches">Whether its patches may be lost.</param>
    /// <exception cref="ProblemException">It is not there, or has patches.</exception>
    public void RemoveService(string service, IReadOnlyList<string> releases, bool withPatches)
    {
        foreach (var release in releases.Where(x => !catalog.Releases[x].SourceRefs.ContainsKey(service)))
            Check(new Problem($"release {release} has no '{service}'"));
        var gone = releases.SelectMany(x => PluginsOf(service, x).Prepend(service), (x, y) => (Release: x, Name: y))
            .ToList();
        RemovePatches(gone.Select(x => $"{x.Name}/{x.Release}"), withPatches);
        ThrowIfAny();
        foreach (var (release, name) in gone)
        {
            foreach (var file in FilesOf($"releases/{release}", "*.yaml")) RemoveEntry(file, name);
            foreach (var file in FilesOf($"releases/{release}/locks", $"{name}.*.lock")) change.Remove(file);
        }

        if (catalog.Releases.Values.Any(x => x.SourceRefs.ContainsKey(service) && !releases.Contains(x.Name))) return;
        change.Remove($"images/{service}");
        change.Remove($"packages/{service}");
        RemoveFromGroups(service);
        if (change.Read(Bindep) is not { } text) return;
        var without = ReleaseCatalog.ProfilesOf(service, catalog.ImageData[service])
            .Aggregate(text, BindepText.WithoutProfile);
        if (without != text) change.Write(Bindep, without);
    }

    void RemoveFromGroups(string service)
    {
        if (change.Read(Groups) is not { } text || GroupsFile.Without(text, service) is var without && without == text)
            return;
        if (new YamlText(without, Groups).Keys.Count > 0) change.Write(Groups, without);
        else change.Remove(Groups);
    }

    /// <summary>The plugins that a service alone has: without it, they would be libraries of all images.</summary>
    IEnumerable<string> PluginsOf(string service, string release) =>
        catalog.Releases[release].PackagesOf(service).Plugins.Except(catalog.Releases[release].ExtraPackages
            .Where(x => x.Key != service).SelectMany(x => x.Value.Plugins), StringComparer.Ordinal);

    IReadOnlyList<string> FilesOf(string directory, string pattern) => !Directory.Exists(catalog.Root / directory) ? []
        : [.. Directory.EnumerateFiles(catalog.Root / directory, pattern)
            .Select(x => $"{directory}/{Path.GetFileName(x)}").Order(StringComparer.Ordinal)];

    /// <summary>Adds a release that is like another one.</summary>
    /// <param name="refs">What each component is built from.</param>
    /// <param name="upperConstraints">
    /// The text of the release's own; null where those of the other one have to do.
    /// </param>
    /// <param name="tested">What its images are to have where the upper constraints differ; null for nothing.</param>
    /// <param name="series">How far it is in its life; null where nobody knows.</param>
    /// <returns>What of that state is not recorded, and why.</returns>
    /// <exception cref="ProblemException">The release, or a part of it, is there already.</exception>
    public IReadOnlyList<string> AddRelease(string release, Release from, IReadOnlyDictionary<string, string> refs,
        string? upperConstraints, TestedState? tested = null, Series? series = null)
    {
        CheckNewRelease(release);
        if (series is not null) SetSeries(series);
        foreach (var file in new[]
        {
            SourceRefsFile.Name, ExtraPackagesFile.Name, EntryPointsFile.Name, CatalogLoader.UpperConstraints,
            CatalogLoader.BuildConstraints,
        }
            .Select(x => $"releases/{{0}}/{x}")
            .Append($"overrides/{{0}}/{CatalogLoader.Overrides}"))
        {
            if (change.Read(string.Format(file, from.Name)) is not { } text) continue;
            if (file.EndsWith(SourceRefsFile.Name, StringComparison.Ordinal))
                text = WithRefs(text, from.SourceRefs.Values, refs);
            // In comments: "OpenStack 2026.1 (Gazpacho)" names the other release.
            change.Write(string.Format(file, release),
                Regex.Replace(text, $@"(?m)^(#.*?)\b{Regex.Escape(from.Name)}\b(?: \(\w+\))?", $"${{1}}{release}"));
        }

        if (upperConstraints is not null)
            change.Write($"releases/{release}/{CatalogLoader.UpperConstraints}", upperConstraints);
        var leftOut = tested is null ? [] : Record(tested, release);
        ThrowIfAny();
        return leftOut;
    }

    IReadOnlyList<string> Record(TestedState tested, string release)
    {
        var file = $"overrides/{release}/{CatalogLoader.Overrides}";
        var upper = $"releases/{release}/{CatalogLoader.UpperConstraints}";
        var text = change.Read(file);
        var own = text is null ? null : ConstraintOverrides.Parse(text, file);
        if (tested.OverridesOf(UpperConstraints.Parse(change.Read(upper) ?? "", upper), own) is { Length: > 0 } more)
            change.Write(file, string.IsNullOrEmpty(text) ? more : $"{text.TrimEnd()}\n\n{more}");
        return tested.LeftOut(own);
    }

    /// <summary>Fails where <see cref="AddRelease"/> would, before what it needs is looked up.</summary>
    /// <exception cref="ProblemException">All that speaks against it.</exception>
    public void CheckNewRelease(string release)
    {
        Check(Names.Release.Check(release));
        if (((string[])[$"releases/{release}", $"overrides/{release}"])
            .FirstOrDefault(x => Directory.Exists(catalog.Root / x)) is { } there)
            Check(new Problem("the release is there already", there,
                Remedy: "Choose another one, or remove it with RemoveRelease"));
        ThrowIfAny();
    }

    /// <summary>
    /// Removes a release, with its overrides and patches. Images stay: another release may have them one day; no group
    /// has them until then.
    /// </summary>
    /// <param name="withPatches">Whether patches may be lost.</param>
    /// <exception cref="ProblemException">The release has patches.</exception>
    public void RemoveRelease(string release, bool withPatches)
    {
        RemovePatches(catalog.Components.Select(x => $"{x}/{release}"), withPatches);
        ThrowIfAny();
        foreach (var service in catalog.Services.Where(x =>
            catalog.Releases.Values.All(y => y.Name == release || !y.SourceRefs.ContainsKey(x))))
            RemoveFromGroups(service);
        change.Remove($"releases/{release}");
        change.Remove($"overrides/{release}");
    }

    /// <summary>Records how far a release is in its life.</summary>
    public void SetSeries(Series series) =>
        change.Write($"releases/{series.Release}/{SeriesFile.Name}", SeriesFile.TextOf(series));

    /// <summary>Lets a release take another tag of a component, and records where that is.</summary>
    /// <param name="commit">The commit that the tag is at.</param>
    /// <exception cref="ProblemException">The ref cannot be replaced.</exception>
    public void SetTag(Release release, string component, string tag, string commit)
    {
        var source = release.SourceRefs[component];
        Check(Names.Ref.Check(tag));
        ThrowIfAny();
        change.Write(source.File,
            WithRefs(change.Read(source.File)!, [source], new Dictionary<string, string> { [component] = tag }));
        ThrowIfAny();
        var lockFile = $"releases/{release.Name}/{RefLock.Name}";
        var recorded = RefLock.Parse(change.Read(lockFile) ?? "", lockFile, _problems);
        ThrowIfAny();
        var refs = new Dictionary<string, SourceRef>(release.SourceRefs) { [component] = source with { Ref = tag } };
        change.Write(lockFile, recorded.With([new LockedRef(component, tag, commit)], refs).ToText());
    }

    void RemovePatches(IEnumerable<string> directories, bool withPatches)
    {
        foreach (var directory in directories)
        {
            var count = catalog.Patches.Files.GetValueOrDefault(directory)?.Count ?? 0;
            if (count > 0 && !withPatches)
                Check(new Problem($"{count} patch{(count == 1 ? "" : "es")} would be lost", $"patches/{directory}",
                    Remedy: "Move them away, or say --with-patches"));
            change.Remove($"patches/{directory}");
        }
    }

    void AddEntry(string file, string entry, Func<string, bool>? isBefore = null) =>
        change.Write(file,
            new YamlText(change.Read(file) ?? $"{YamlSchema.LineOf(file)}\n", file).Add(entry, isBefore).ToString());

    void RemoveEntry(string file, string key)
    {
        // With its last entry a file is gone.
        if (change.Read(file) is not { } there) return;
        var text = new YamlText(there, file);
        if (!text.Keys.Contains(key)) return;
        text.Remove(key);
        if (text.Keys.Count > 0) change.Write(file, text.ToString());
        else if (!file.EndsWith(SourceRefsFile.Name, StringComparison.Ordinal)) change.Remove(file);
        else
            Check(new Problem($"'{key}' is the only component of the release", file,
                Remedy: "Remove the release with RemoveRelease"));
        ThrowIfAny();
    }

    string WithRefs(string text, IEnumerable<SourceRef> sources, IReadOnlyDictionary<string, string> refs)
    {
        var lines = text.Split('\n');
        foreach (var source in sources)
        {
            var (line, at) = (lines[source.Line - 1], source.Column - 1);
            var quoted = line[at] is '"' or '\'';
            var start = quoted ? at + 1 : at;
            if (string.CompareOrdinal(line, start, source.Ref, 0, source.Ref.Length) != 0)
                Check(new Problem("the ref is not in one piece", source.File, source.Line, source.Column));
            else
            {
                var end = start + source.Ref.Length + (quoted ? 1 : 0);
                lines[source.Line - 1] = line[..at] + YamlText.Quote(refs[source.Component]) + line[end..];
            }
        }

        return string.Join('\n', lines);
    }

    static string EntryOf(string service, EntryPoints entryPoints) => $"{service}:\n"
        + (entryPoints.Distribution == service ? "" : $"  distribution: {entryPoints.Distribution}\n")
        + (entryPoints.Scripts.Count == 0
            ? ""
            : "  scripts:\n" + string.Concat(entryPoints.Scripts.Select(x => $"    - {x}\n")))
        + $"  wsgi: [{string.Join(", ", entryPoints.Wsgi)}]\n"
        + (entryPoints.Migrations.Count == 0 ? ""
            : "  migrations:\n" + string.Concat(entryPoints.Migrations.Select(x => $"    - {x}\n")));

    void Check(Problem? problem)
    {
        if (problem is not null) _problems.Add(problem);
    }

    void ThrowIfAny() => ProblemException.ThrowIfAny(_problems);
}
