using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Packages;
using OpenStack.Wheels;
using ConstraintVersion = OpenStack.Constraints.PythonVersion;

namespace OpenStack.Indexes;

/// <summary>
/// Finds all that a resolver may choose among, so that it needs no index any more: of each project that is wanted, and
/// of what those want in turn, the newest version that its constraints and whoever wants it admit. Constraints pin
/// nearly everything; where they do not, and two want different versions, both are there. What is chosen in the end,
/// the resolver says.
/// </summary>
/// <param name="indexes">Who is asked.</param>
/// <param name="python">Whose files are taken.</param>
/// <param name="environment">In which markers hold.</param>
/// <param name="fetch">Brings a file, and says where it is now.</param>
/// <param name="scratch">Where source distributions are looked into.</param>
public sealed class DistributionSearch(IndexList indexes, ImagePython python, MarkerEnvironment environment,
    Func<FoundDistribution, Task<AbsolutePath>> fetch, AbsolutePath scratch)
{
    /// <summary>The newest C library that a wheel may be built against: that of the oldest distribution that there is
    /// nothing newer than for images.</summary>
    const int NewestLibrary = 39;

    const int AtOnce = 16;

    readonly ConcurrentDictionary<(PythonName, string Version), FoundDistribution> _found = [];
    readonly ConcurrentDictionary<(bool, PythonName, string Version, string Extras), bool> _seen = [];

    readonly ConcurrentDictionary<string, bool> _unread = [];

    /// <summary>What files of source distributions have where a requirement should be, and is none.</summary>
    public IReadOnlyList<string> Unread => [.. _unread.Keys.Order(StringComparer.Ordinal)];

    /// <returns>All of them, in the order of their names.</returns>
    /// <exception cref="ProblemException">All that cannot be had.</exception>
    public async Task<IReadOnlyList<FoundDistribution>> RunAsync(WantedDistributions wanted,
        CancellationToken cancellation = default)
    {
        var level = wanted.Runtime.Select(x => new Want(x, false)).Concat(wanted.Build.Select(x => new Want(x, true)))
            .ToList();
        while (level.Count > 0)
        {
            var next = await Problems.CollectAsync(
                level.Where(x => IsAsked(x.Requirement, wanted)).DistinctBy(x => x.Key).ToList(),
                (x, _) => new ValueTask<IReadOnlyList<Want>>(FollowAsync(x, wanted)), AtOnce);
            cancellation.ThrowIfCancellationRequested();
            level = [.. next.SelectMany(x => x)];
        }

        return [.. _found.Values.OrderBy(x => x.Name.Value, StringComparer.Ordinal)
            .ThenBy(x => x.Version, StringComparer.Ordinal)];
    }

    bool IsAsked(Requirement requirement, WantedDistributions wanted) =>
        requirement.Url is null && !wanted.Own.Contains(requirement.Key)
            && requirement.Marker?.Holds(environment) != false;

    async Task<IReadOnlyList<Want>> FollowAsync(Want want, WantedDistributions wanted)
    {
        var project = await indexes.FindAsync(want.Requirement.Key);
        var found = Choose(project, want, wanted);
        found = _found.GetOrAdd((found.Name, found.Version), found);
        if (!_seen.TryAdd((want.OfBuild, found.Name, found.Version,
            string.Join(',', want.Requirement.Extras.Order(StringComparer.Ordinal))), true)) return [];
        if (found.File.IsWheel)
        {
            var metadata = await MetadataOfWheelAsync(project, found);
            return [.. Needs(metadata, want.Requirement.Extras).Select(x => new Want(x, want.OfBuild))];
        }

        var tree = await UnpackAsync(found);
        var needs = ProjectRequirements.Read(tree, want.Requirement.Extras);
        foreach (var line in needs.Unread) _unread[line] = true;
        return
        [
            .. needs.Runtime.Select(x => new Want(x, want.OfBuild)), .. needs.Build.Select(x => new Want(x, true)),
        ];
    }

    /// <summary>Requirements of a wheel, without those of extras that nobody wants.</summary>
    IEnumerable<Requirement> Needs(CoreMetadata metadata, IReadOnlyList<string> extras) => metadata.Requirements
        .Select(x => Requirement.TryParse(x, out _)).OfType<Requirement>()
        .Where(x => x.Marker is null || x.Marker.Holds(environment) != false
            || extras.Any(y => x.Marker.Holds(environment.WithExtra(y)) != false))
        // What is left of its marker has been judged here.
        .Select(x => x with { Marker = null });

    FoundDistribution Choose(IndexedProject project, Want want, WantedDistributions wanted)
    {
        var (requirement, name) = (want.Requirement, want.Requirement.Key);
        var constraints = (want.OfBuild ? wanted.BuildConstraints : wanted.Constraints)
            .Where(x => x.Key == name && x.Marker?.Holds(environment) != false)
            .SelectMany(x => x.Specifiers).ToList();
        var isPinned = constraints.Any(x => x.Operator is "===" or "==");
        var versions = project.Files.Where(x => isPinned || !x.IsYanked)
            .GroupBy(x => x.VersionOf(name))
            .Where(x => x.Key is not null)
            .Select(x => (Version: x.Key!, Files: FilesFor([.. x], wanted.FromSource(name))))
            .Where(x => x.Files.File is not null)
            .OrderByDescending(x => x.Version).ToList();
        bool Admits(ConstraintVersion version, IEnumerable<VersionSpecifier> all) =>
            all.All(x => x.Admits(version.Text));
        var held = versions.Where(x => Admits(x.Version, constraints)).ToList();
        // Where both cannot be met, the resolver says so in its own words.
        var fitting = held.Where(x => Admits(x.Version, requirement.Specifiers)).ToList() is { Count: > 0 } both
            ? both : held;
        if (fitting.Count == 0) throw new ProblemException(new Problem(
            $"{project.Index.Index} has {name} in {Listed(versions.Select(x => x.Version.Text))}",
            Expected: $"{name} {string.Join(',', constraints.Count > 0 ? constraints : requirement.Specifiers)}, for "
                + $"Python {python.Version}",
            Remedy: "Put it into that index, or name the one that has it before (--index)"));
        var chosen = fitting.FirstOrDefault(x => !x.Version.IsPreRelease) is { Version: not null } final
            ? final : fitting[0];
        return new FoundDistribution(name, chosen.Version.Text, chosen.Files.File!, project.Index.Index)
        {
            Source = chosen.Files.Source,
        };
    }

    static string Listed(IEnumerable<string> versions) => versions.Take(5).ToList() is { Count: > 0 } some
        ? string.Join(", ", some) : "no version that fits";

    /// <summary>The file that is installed, and the one that it is made of.</summary>
    (ProjectFile? File, ProjectFile? Source) FilesFor(IReadOnlyList<ProjectFile> files, bool fromSource)
    {
        var fit = files.Where(x => x.FitFor(python).Answer != Answer.No).ToList();
        var source = fit.Where(x => !x.IsWheel).OrderByDescending(x => x.Name.EndsWith(".tar.gz",
            StringComparison.Ordinal)).FirstOrDefault();
        var wheel = fromSource ? null : fit.Where(x => x.IsWheel)
            .Select(x => (File: x, Name: WheelName.TryParse(x.Name)))
            .Where(x => x.Name is not null && x.Name.Preference.Library <= NewestLibrary)
            .OrderByDescending(x => x.Name!.Preference).Select(x => x.File).FirstOrDefault();
        return (wheel ?? source, wheel is null ? null : source);
    }

    async Task<CoreMetadata> MetadataOfWheelAsync(IndexedProject project, FoundDistribution found)
    {
        if (found.File.HasMetadata
            && await project.Index.TextAsync(new Uri($"{found.File.Url.GetLeftPart(UriPartial.Path)}.metadata"))
                is { } text)
            return CoreMetadata.Parse(text);
        using var archive = ZipFile.OpenRead(await fetch(found));
        // Its own: setuptools has those of what it vendors as well.
        var entry = archive.Entries.FirstOrDefault(x => x.FullName.Split('/') is [var directory, "METADATA"]
            && directory.EndsWith(".dist-info", StringComparison.Ordinal))
            ?? throw new ProblemException($"{found.File.Name} of {found.Index} has no metadata",
                "Replace it in that index");
        using var reader = new StreamReader(entry.Open());
        return CoreMetadata.Parse(await reader.ReadToEndAsync());
    }

    /// <summary>Those files of a source distribution that say what it wants.</summary>
    async Task<AbsolutePath> UnpackAsync(FoundDistribution found)
    {
        var (archive, tree) = (await fetch(found), scratch / found.File.Name);
        Directory.CreateDirectory(tree);
        try
        {
            if (found.File.Name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase)) UnpackZip(archive, tree);
            else if (found.File.Name.EndsWith("gz", StringComparison.OrdinalIgnoreCase)) UnpackTar(archive, tree);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new ProblemException($"{found.File.Name} of {found.Index} cannot be unpacked: "
                + e.Message.TrimEnd('.'), "Replace it in that index", e);
        }

        return tree;
    }

    static void UnpackZip(AbsolutePath archive, AbsolutePath tree)
    {
        using var zip = ZipFile.OpenRead(archive);
        foreach (var entry in zip.Entries)
        {
            if (PlaceOf(entry.FullName) is { } place)
                entry.ExtractToFile(MadeRoomFor(tree / place), overwrite: true);
        }
    }

    static void UnpackTar(AbsolutePath archive, AbsolutePath tree)
    {
        using var stream = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        using var tar = new TarReader(stream);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not null && PlaceOf(entry.Name) is { } place)
                entry.ExtractToFile(MadeRoomFor(tree / place), overwrite: true);
        }
    }

    /// <summary>
    /// Of <c>NAME-VERSION/setup.cfg</c> and <c>…/NAME.egg-info/requires.txt</c>, where it goes; null of all else.
    /// </summary>
    static string? PlaceOf(string entry) => entry.Split('/') switch
    {
        [_, var file] when ProjectRequirements.Files.Contains(file) => file,
        [_, .., var directory, "requires.txt"] when directory.EndsWith(".egg-info", StringComparison.Ordinal) =>
            "the.egg-info/requires.txt",
        _ => null,
    };

    static string MadeRoomFor(AbsolutePath file)
    {
        Directory.CreateDirectory(file.Parent!);
        return file;
    }

    sealed record Want(Requirement Requirement, bool OfBuild)
    {
        public (bool, string) Key => (OfBuild, (Requirement with { Marker = null }).ToString());
    }
}
