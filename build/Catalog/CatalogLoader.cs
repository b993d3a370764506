using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary>Reads the catalog from the repository and reports every mistake in it at once.</summary>
public sealed class CatalogLoader
{
    internal const string UpperConstraints = "upper-constraints.txt";
    internal const string BuildConstraints = "build-constraints.txt";
    internal const string Overrides = "constraints.txt";
    internal const string SystemPackages = "bindep.txt";

    /// <summary>Beside the images; read when they are scanned.</summary>
    internal const string ScanPolicy = "scan.yaml";

    /// <summary>
    /// Beside the releases: what they have in common, by digest. Read when it is locked, or built from.
    /// </summary>
    const string Locks = "locks";

    const string Dockerfile = "Dockerfile";

    static readonly string[] s_imageFiles =
        [Dockerfile, ImageFile.Name, ImageContract.Name, TestSettingsFile.Name, SetFile.Name];

    /// <summary>Beside the directories of images: what is about all of them.</summary>
    static readonly string[] s_filesOfAll = [SystemPackages, ScanPolicy, GroupsFile.Name];

    static readonly string[] s_releaseFiles = [SourceRefsFile.Name, RefLock.Name, ExtraPackagesFile.Name,
        EntryPointsFile.Name, ClosureLock.Name, UpperConstraints, BuildConstraints, SeriesFile.Name];

    readonly Tree _tree;
    readonly List<Problem> _problems = [];

    CatalogLoader(AbsolutePath root) => _tree = new Tree(root);

    /// <param name="root">The repository.</param>
    /// <exception cref="ProblemException">All mistakes of all files.</exception>
    public static ReleaseCatalog Load(AbsolutePath root) => new CatalogLoader(root).Load();

    ReleaseCatalog Load()
    {
        // Read first, as releases ask for their options; told after those.
        var images = LoadImages();
        var ofImages = _problems.ToList();
        _problems.Clear();
        var releases = new SortedList<string, Release>(StringComparer.Ordinal);
        foreach (var name in _tree.Directories("releases", x => $"{x} belongs into releases/<release>/", _problems)
            .Where(x => x != Locks))
        {
            if (Names.Release.Check(name, $"releases/{name}") is { } wrong) _problems.Add(wrong);
            else releases.Add(name, LoadRelease(name, images));
        }

        if (releases.Count == 0 && _problems.Count + ofImages.Count == 0)
            _problems.Add(new Problem("there are no releases", "releases",
                Expected: "a directory such as releases/2025.1"));
        CheckOverrides(releases);
        var patches = PatchCatalog.Load(_tree, releases, _problems);
        _problems.AddRange(ofImages);
        var packages = LoadSystemPackages(images);
        // Where something is wrong, nobody knows which services there are.
        var services = _problems.Count > 0 ? []
            : images.Keys.Where(x => releases.Values.Any(r => r.SourceRefs.ContainsKey(x))).ToList();
        var groups = ReadIfThere("images", GroupsFile.Name,
            (text, file) => new GroupsFile(file, _problems).Parse(text, services))
            ?? new Dictionary<string, IReadOnlyList<string>>();
        ProblemException.ThrowIfAny([.. _problems.GroupBy(x => x.File)
            .SelectMany(x => x.OrderBy(y => y.Line).ThenBy(y => y.Column))]);
        return new ReleaseCatalog(_tree.Root, releases, images, packages, patches) { Groups = groups };
    }

    Release LoadRelease(string name, IReadOnlyDictionary<string, ImageData> images)
    {
        var directory = $"releases/{name}";
        CheckForNearMisses(directory, s_releaseFiles);
        var refs = Read($"{directory}/{SourceRefsFile.Name}") is { } refsText
            ? SourceRefsFile.Parse(refsText, $"{directory}/{SourceRefsFile.Name}", _problems)
            : new Dictionary<string, SourceRef>();
        var extras = ReadIfThere(directory, ExtraPackagesFile.Name,
            (text, file) => new ExtraPackagesFile(file, _problems)
                .Parse(text, refs.Keys, x => images.GetValueOrDefault(x)?.Options ?? [],
                    [.. images.Keys]));
        var entryPoints = ReadIfThere(directory, EntryPointsFile.Name,
            (text, file) => new EntryPointsFile(file, _problems).Parse(text, refs.Keys));
        if (IfThere($"{directory}/{UpperConstraints}") is null && !_tree.Entries(directory).Contains(UpperConstraints))
            _problems.Add(new Problem("there is no such file", $"{directory}/{UpperConstraints}",
                Remedy: $"Copy it from openstack/requirements, branch stable/{name}"));
        _problems.AddRange(images.Where(x => x.Value.Kind == ImageKind.Native).SelectMany(x => Unread(
            x.Key, directory, extras?.GetValueOrDefault(x.Key), entryPoints?.ContainsKey(x.Key) == true)));
        return new Release(name, refs, extras ?? new Dictionary<string, ExtraPackages>(),
            entryPoints ?? new Dictionary<string, EntryPoints>(), _tree.Root / directory / UpperConstraints,
            IfThere($"{directory}/{BuildConstraints}"), IfThere($"overrides/{name}/{Overrides}"))
        {
            Series = ReadIfThere(directory, SeriesFile.Name,
                (text, file) => new SeriesFile(file, _problems).Parse(text, name)),
        };
    }

    /// <summary>What is said of a component that is no Python distribution, and means nothing there.</summary>
    static IEnumerable<Problem> Unread(string component, string directory, ExtraPackages? extras, bool hasEntryPoints)
    {
        const string remedy = "Remove it; its own Dockerfile installs what it takes";
        if (extras is { PipExtras.Count: > 0 } or { PipPackages.Count: > 0 })
            yield return new Problem($"{component} is no Python distribution, and gets no Python packages",
                $"{directory}/{ExtraPackagesFile.Name}", Remedy: remedy);
        if (hasEntryPoints)
            yield return new Problem($"{component} is no Python distribution, and has no entry points",
                $"{directory}/{EntryPointsFile.Name}", Remedy: remedy);
    }

    /// <summary>A stranger may be of use to someone; a near miss would silently be ignored.</summary>
    void CheckForNearMisses(string directory, string[] known)
    {
        foreach (var entry in _tree.Entries(directory).Except(known))
            if (Suggest.DidYouMean(entry, known) is { } meant)
                _problems.Add(new Problem("this file is not read", $"{directory}/{entry}", Remedy: meant));
    }

    /// <summary>What a file says; null where there is none, or where it cannot be read.</summary>
    T? ReadIfThere<T>(string directory, string name, Func<string, string, T?> parse)
        where T : class => _tree.Entries(directory).Contains(name) && Read($"{directory}/{name}") is { } text
            ? parse(text, $"{directory}/{name}")
            : null;

    string? Read(string file)
    {
        try
        {
            return Utf8File.Read(_tree.Root / file, file);
        }
        catch (ProblemException e)
        {
            _problems.AddRange(e.Problems);
            return null;
        }
    }

    /// <summary>A file that is read later; a directory in its place would count as nothing.</summary>
    AbsolutePath? IfThere(string file)
    {
        if (_tree.IsFile(file)) return _tree.Root / file;
        if (_tree.IsDirectory(file))
            _problems.Add(new Problem("cannot be read: it is a directory", file, Expected: "a file"));
        return null;
    }

    void CheckOverrides(IReadOnlyDictionary<string, Release> releases)
    {
        foreach (var name in _tree.Directories("overrides", x => $"{x} belongs into overrides/<release>/", _problems))
        {
            var directory = $"overrides/{name}";
            if (!releases.ContainsKey(name))
                _problems.Add(new Problem($"there is no release '{name}'", directory, Remedy: Suggest.DidYouMean(name,
                    releases.Keys, $"Releases are {string.Join(", ", releases.Keys)}")));
            _problems.AddRange(_tree.Entries(directory).Where(x => x != Overrides).Select(x =>
                new Problem("this file is not read", $"{directory}/{x}", Expected: $"{directory}/{Overrides}")));
        }
    }

    SortedList<string, ImageData> LoadImages()
    {
        var images = new SortedList<string, ImageData>(StringComparer.Ordinal);
        foreach (var name in _tree.Directories("images",
            x => Suggest.DidYouMean(x, s_filesOfAll, $"{x} belongs into images/<image>/")!, _problems, s_filesOfAll))
        {
            var directory = $"images/{name}";
            if (Names.Component.Check(name, directory) is { } wrong) _problems.Add(wrong);
            else if (IfThere($"{directory}/{Dockerfile}") is not null)
            {
                var options = _tree.Entries(directory).Select(ImageContract.OptionOf).OfType<string>().ToList();
                CheckForNearMisses(directory, [.. s_imageFiles, .. options.Select(ImageContract.NameOf)]);
                var data = ReadIfThere(
                    directory, ImageFile.Name, (text, file) => new ImageFile(file, _problems).Parse(text));
                data ??= ImageData.Default;
                if (ReadIfThere(directory, TestSettingsFile.Name,
                    (text, file) => new TestSettingsFile(file, _problems).Parse(text)) is { } tests)
                {
                    data = data with { Tests = tests };
                    CheckRunner(name, data);
                }

                if (ReadIfThere(directory, SetFile.Name,
                    (text, file) => new SetFile(name, file, _problems).Parse(text)) is { } set)
                    data = data with { Set = set };
                images.Add(name, options.Count == 0 ? data : data with { Options = options });
            }
        }

        return images;
    }

    void CheckRunner(string name, ImageData data)
    {
        var runners = TestSettingsFile.Runners
            .Where(x => (x.Value == TestRunner.Autotest) == (data.Kind == ImageKind.Native)).ToDictionary();
        if (!runners.ContainsValue(data.Tests.Runner))
            _problems.Add(new Problem($"{name} is {(data.Kind == ImageKind.Native ? "no" : "a")} Python distribution, "
                + "and what runs its tests is for the others", $"images/{name}/{TestSettingsFile.Name}",
                Expected: $"runner: {string.Join(" or ", runners.Keys)}"));
    }

    IReadOnlyList<BindepLine> LoadSystemPackages(IReadOnlyDictionary<string, ImageData> images)
    {
        var profiles = images.SelectMany(x => ReleaseCatalog.ProfilesOf(x.Key, x.Value));
        return ReadIfThere("images", SystemPackages,
            (text, file) => Bindep.Parse(text, file, _problems, [.. profiles])) ?? [];
    }
}
