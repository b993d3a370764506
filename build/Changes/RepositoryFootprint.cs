using System.Collections.Concurrent;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Locks;
using OpenStack.Storage;
using OpenStack.Wheels;

namespace OpenStack.Changes;

/// <summary>What all images of a repository depend on in it, without building anything.</summary>
/// <param name="catalog">What the repository says.</param>
/// <param name="distro">The distribution that images are built on, <c>ubuntu-noble</c>.</param>
/// <param name="locks">
/// Directory whose <c>&lt;release&gt;/closures.lock.yaml</c> says which distributions images have.
/// </param>
public sealed class RepositoryFootprint(ReleaseCatalog catalog, string distro, AbsolutePath locks)
{
    internal const string SourceRef = "source ref";
    internal const string Patches = "patches";
    internal const string PythonPackages = "Python packages";

    /// <summary>Begins the part of each plugin, which its name follows.</summary>
    internal const string Plugin = "plugin ";

    /// <summary>Directories of images that every image of a kind is made by; the first, and its packages, are part of
    /// it.</summary>
    static readonly Dictionary<ImageKind, string[]> s_shared = new()
    {
        [ImageKind.Python] = [PythonImage.SharedName, ServiceClosures.Image, SdistWheel.Image, LibraryWheel.Image,
            "scripts"],
        [ImageKind.Native] = [NativeImage.SharedName, "scripts"],
    };

    static readonly Dictionary<PythonName, string> s_none = [];

    /// <summary>What releases share, worked out once: digests of directories, system packages of images.</summary>
    readonly ConcurrentDictionary<string, string> _directories = [];
    readonly ConcurrentDictionary<string, IReadOnlyList<string>> _packages = [];

    /// <summary>One footprint for each service of each release.</summary>
    /// <exception cref="ProblemException">Files of the repository that cannot be understood, all of them.</exception>
    public async Task<IReadOnlyList<ImageFootprint>> ReadAsync() =>
        [.. (await Problems.CollectAsync(catalog.Releases.Values, (x, _) => ValueTask.FromResult(ReadRelease(x))))
            .SelectMany(x => x)];

    List<ImageFootprint> ReadRelease(Release release)
    {
        var overrides = release.OverridesFile is { } file
            ? new[] { ConstraintOverrides.Read(file, ShownAs(file)) }
            : [];
        var pins = ConstraintEngine.Apply(UpperConstraints.Read(release.UpperConstraintsFile,
            ShownAs(release.UpperConstraintsFile)), overrides, []).Pins
            .GroupBy(x => x.Key)
            .ToDictionary(x => x.Key, x => string.Join('\n', x.Select(y => y.Text)));
        var libraries = catalog.LibrariesOf(release)
            .ToDictionary(PythonName.Of,
                x => Digest.OfText($"{TextOf(release.SourceRefs[x])}\n{PatchesOf(x, release)}"));
        var lockFile = locks / release.Name / ClosureLock.Name;
        var closures = ClosureLock.Read(lockFile, ShownAs(lockFile));
        var planFile = locks / release.Name / LayerPlan.Name;
        var layers = LayerPlan.Read(planFile, ShownAs(planFile));
        return
        [
            .. catalog.Services.Where(release.SourceRefs.ContainsKey).Select(service =>
            {
                var parts = PartsOf(service, release);
                parts["layers"] = layers is null ? "none" : LayerPlan.DigestOf(layers.Of(service));
                if (catalog.KindOf(service) != ImageKind.Python)
                    return new ImageFootprint(service, release.Name, parts, s_none, s_none, new HashSet<PythonName>());
                var footprint = new ImageFootprint(service, release.Name, parts, libraries, pins, Closure: null);
                return footprint with { Closure = ClosureOf(footprint, closures) };
            }),
        ];
    }

    static HashSet<PythonName>? ClosureOf(ImageFootprint footprint, ClosureLock closures)
    {
        if (!closures.Closures.TryGetValue(footprint.Service, out var locked)) return null;
        var names = locked.Distributions.Select(PythonName.Of).ToHashSet();
        return locked.Inputs == footprint.InputsOf(names) ? names : null;
    }

    Dictionary<string, string> PartsOf(string service, Release release)
    {
        var packages = release.PackagesOf(service);
        var entryPoints = release.EntryPointsOf(service);
        var data = catalog.ImageData[service];
        var shared = s_shared[data.Kind];
        var parts = new Dictionary<string, string>
        {
            [SourceRef] = TextOf(release.SourceRefs[service]),
            [Patches] = PatchesOf(service, release),
            [PythonPackages] = string.Join(' ', [.. packages.PipExtras, "|", .. packages.PipPackages]),
            ["system packages"] = string.Join(' ',
                PackagesOf([shared[0], .. packages.ProfilesOf(service)])
                    .Union(packages.AptPackagesFor(BindepPlatform.Of(distro)))),
            ["base images"] = $"{DigestOf(BaseImages.PythonBase)} {DigestOf(BaseImages.VenvBuilder)} "
                + string.Join(' ', [.. PackagesOf(BaseImages.PythonBase), "|", .. PackagesOf(BaseImages.VenvBuilder)]),
            ["shared image files"] = string.Join(' ', shared.Select(DigestOf)),
            ["image files"] = DigestOf(service),
            ["image data"] = string.Join(' ', [data.Shell, .. data.Directories, "|", .. data.SetuidPrograms,
                "|", $"{data.ByteCode}"]),
            ["locked inputs"] = LockedInputsOf(service, release),
            ["life cycle"] = string.Join(' ', ImageLabels.OfSeries(release.Series).Values),
            ["build constraints"] = release.BuildConstraintsFile is { } file ? Digest.OfFile(file) : "none",
            ["entry points"] = entryPoints is null
                ? "none"
                : string.Join(' ', [entryPoints.Distribution, .. entryPoints.Scripts, "|", .. entryPoints.Wsgi,
                    .. entryPoints.Migrations]),
        };
        if (data.Kind == ImageKind.Native)
            parts["build packages"] = string.Join(' ', PackagesOf(packages.BuildProfilesOf(service)));
        foreach (var plugin in packages.Plugins)
            parts[$"{Plugin}{plugin}"] = $"{TextOf(release.SourceRefs[plugin])}\n{PatchesOf(plugin, release)}";
        return parts;
    }

    /// <summary>
    /// What the locks of an image and of its bases say, of every platform. Where a file is, that a suite was signed
    /// anew, and sources that nothing is built from, make no other image.
    /// </summary>
    string LockedInputsOf(string service, Release release)
    {
        var files = LockSubject.FilesBelow(locks).Where(x => x.Parent! == locks / LockSubject.DirectoryName
            || (x.Parent! == locks / release.Name / LockSubject.DirectoryName && x.Name.Split('.')[0] == service));
        var lines = files.SelectMany(x => InputLock.Read(x, ShownAs(x)).Inputs
            .Where(y => y is not (LockedSuite or LockedFile { Kind: FileKind.Source }))
            .Select(y => $"{x.Name} {y.Key} {y.Version} {y.Content}")).ToList();
        return lines.Count == 0 ? "none" : Digest.OfText(string.Join('\n', lines.Order(StringComparer.Ordinal)));
    }

    /// <summary>Where in the file it stands does not matter.</summary>
    static string TextOf(SourceRef source) => $"{source.Ref} {source.Url}";

    string PatchesOf(string component, Release release) =>
        string.Join('\n', catalog.Patches.Of(component, release.Name).Select(x => $"{x.Name} {Digest.OfFile(x)}"));

    /// <summary>The contract counts too: an image that is to be tested otherwise is to be tested again.</summary>
    string DigestOf(string image) =>
        _directories.GetOrAdd(image,
            x => Directory.Exists(catalog.ImageDirectory(x)) ? Digest.OfDirectory(catalog.ImageDirectory(x)) : "none");

    IReadOnlyList<string> PackagesOf(params IReadOnlyList<string> images) =>
        _packages.GetOrAdd(string.Join(' ', images), _ => catalog.SystemPackagesOf(distro, images));

    string ShownAs(AbsolutePath file) => Path.GetRelativePath(catalog.Root, file);
}
