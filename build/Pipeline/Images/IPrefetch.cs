using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Locks;
using OpenStack.Network;
using OpenStack.Oci;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Images;

/// <summary>Locks → what they name: files and images in the store, commits in the mirrors.</summary>
interface IPrefetch : IHazInputs, IHazSources, IHazExportTo
{
    [Parameter("File that Prefetch --export-to has written elsewhere, to take inputs from")]
    string? ImportFrom => TryGetValue(() => ImportFrom);

    [Parameter("Prefetch: removes the inputs that no lock of the repository names")]
    bool PruneInputs => TryGetValue<bool?>(() => PruneInputs) ?? false;

    Target Prefetch => _ => _
        .Description("Downloads everything that the locks of the selected images name, each file once and verified")
        .Executes(async () =>
        {
            var watch = Stopwatch.StartNew();
            var (store, locks) = (new InputStore(InputStore), Platforms.SelectMany(LocksFor).ToList());
            var imported = ImportFrom is { } archive ? await ImportAsync(archive, store) : [];
            var commits = PrefetchCommitsAsync([.. locks.SelectMany(x => x.Lock.Commits).Distinct()], imported);
            var inputs = await PrefetchFilesAsync(store, locks, watch);
            var mirrors = await commits;
            if (ExportTo is not null) await ExportInputsAsync(store, inputs, mirrors);
            if (PruneInputs) await PruneAsync(store);
        });

    static async Task<IReadOnlyList<ArchivedInput>> ImportAsync(string archive, InputStore store)
    {
        AbsolutePath file = Path.GetFullPath(archive, EnvironmentInfo.WorkingDirectory);
        var (files, added) = await InputArchive.ReadAsync(file, store);
        Log.Information("{Archive}: {Files} files, of which {New} are new", archive, files.Count, added);
        return files;
    }

    async Task<IReadOnlyList<WantedInput>> PrefetchFilesAsync(InputStore store,
        IReadOnlyList<(InputLock Lock, AbsolutePath? Wheelhouse)> locks, Stopwatch watch)
    {
        using var registries = new RegistryClients { Mirrors = Mirrors };
        var (indexes, auth) = (PackageIndexes, AptAuth is null ? "" : File.ReadAllText(AptAuth));
        IReadOnlyList<WantedInput> inputs =
        [
            .. InputPlaces.Of(locks, FileMirrors).Select(x => x with
            {
                AuthorizationFor = y =>
                    indexes.Select(z => z.AuthorizationFor(y)).FirstOrDefault(z => z is not null) ?? KnownAt(y, auth),
            }),
            .. await FindImagesAsync(store, locks, registries),
        ];
        var report = await new Prefetcher(store, Run.Watch).RunAsync(inputs);
        foreach (var name in report.Damaged)
            Log.Warning("{Input} was not what it is called, and was fetched again", name);
        Log.Information("{Count} inputs, of which {Fetched} were fetched ({Size} MB, {Time} s)",
            inputs.Count, report.Fetched,
            (report.Bytes / 1e6).ToString("0.0", CultureInfo.InvariantCulture),
            watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
        ReportSummary(x => x.AddPair("Fetched",
            report.Fetched == 0 ? "nothing, all is there" : $"{report.Fetched} of {inputs.Count} inputs"));
        return inputs;
    }

    /// <summary>Who asks archives of packages, and mirrors.</summary>
    static AuthenticationHeaderValue? KnownAt(Uri place, string auth) =>
        (Netrc.FindOfArchive(place, auth) ?? Netrc.Find(place.Host, Environment.GetEnvironmentVariable))
            is { } known ? BasicAuthentication.Of(known) : null;

    /// <summary>What the images consist of that everything starts from.</summary>
    async Task<IReadOnlyList<WantedInput>> FindImagesAsync(InputStore store,
        IReadOnlyList<(InputLock Lock, AbsolutePath? Wheelhouse)> locks, RegistryClients registries)
    {
        var images = locks.SelectMany(x => x.Lock.Images, (x, y) => (x.Lock.Subject, Image: y));
        var found = await Problems.CollectAsync(images, async (x, token) =>
            await new StoredImage(store, x.Image, x.Subject.Platform).FindAsync(() => ImagePlace.Of(
                DirectoryInsteadOf(x.Subject.Image), x.Image, x.Subject.Platform, registries), token));
        return [.. found.SelectMany(x => x)];
    }

    /// <summary>Makes the mirrors hold the commits with all objects of their trees.</summary>
    async Task<IReadOnlyList<(Mirror Mirror, string Commit)>> PrefetchCommitsAsync(IReadOnlyList<LockedCommit> commits,
        IReadOnlyList<ArchivedInput> imported)
    {
        UseGitMirror();
        return await Problems.CollectAsync(commits, async (x, token) =>
        {
            var mirror = MirrorOf(x.Name, RemoteOf(x));
            if (imported.FirstOrDefault(y => y.Name == BundleOf(x.Name, x.Commit)) is { } bundle)
                await MirrorBundle.ReadAsync(mirror, x.Commit, bundle.Path, token);
            if (await mirror.EnsureAsync(x.Commit, token) is { } note) Log.Warning("{Note}", note);
            await CommitObjects.EnsureAsync(mirror, x.Commit, token);
            Log.Information("{Component}: {Commit}", x.Name, x.Commit);
            return (mirror, x.Commit);
        });
    }

    /// <summary>A lock does not say by which name somebody may read a repository.</summary>
    string RemoteOf(LockedCommit commit) => Sources.Where(x => x.Component == commit.Name)
        .Select(x => RequestOf(x).Remote)
        .FirstOrDefault(x => RemoteUrl.WithoutCredentials(x) == commit.Url) ?? commit.Url;

    static string BundleOf(string component, string commit) => $"{component}-{commit}.bundle";

    async Task ExportInputsAsync(InputStore store, IReadOnlyList<WantedInput> inputs,
        IReadOnlyList<(Mirror Mirror, string Commit)> commits)
    {
        var directory = TemporaryDirectory / "bundles";
        using var held = await FileLock.AcquireAsync($"{directory}.lock");
        await Removal.RemoveAsync(directory);
        Directory.CreateDirectory(directory);
        var bundles = await Problems.CollectAsync(commits, async (x, token) =>
        {
            var bundle = directory / BundleOf(x.Mirror.Component, x.Commit);
            await MirrorBundle.WriteAsync(x.Mirror, x.Commit, bundle, token);
            return bundle;
        });
        var digest = "";
        var file = await WriteExportAsync(ExportTo!, async output =>
            digest = await InputArchive.WriteAsync(store, inputs, bundles, output));
        await Removal.RemoveAsync(directory);
        Log.Information("{File} {Digest} ({Size} MB)", file, digest, new FileInfo(file).Length / 1_000_000);
    }

    /// <summary>A lock that cannot be read names nobody knows what: then nothing is removed.</summary>
    async Task PruneAsync(InputStore store)
    {
        var locks = Problems.Collect(LockSubject.FilesBelow(RefLocks), x => InputLock.Read(x, ShownAs(x)));
        var images = await Task.WhenAll(locks.SelectMany(x => x.Images,
            (x, y) => new StoredImage(store, y, x.Subject.Platform).PresentAsync()));
        var (count, bytes) = store.Prune(locks.SelectMany(x => x.Files)
            .Select(x => x.Sha256)
            .Concat(images.SelectMany(x => x))
            .ToHashSet(StringComparer.Ordinal));
        Log.Information("{Count} inputs that none of {Locks} locks names were removed ({Size} MB)", count,
            locks.Count, bytes / 1_000_000);
    }
}
