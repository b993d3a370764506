using System.Globalization;
using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Storage;

namespace OpenStack.Locks;

/// <summary>
/// What locks name, out of the store and in the form in which builds take it: for each image an archive of its system
/// packages, signed, and a directory of its Python distributions. Nothing else is in them, so that nothing else can be
/// installed.
/// </summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="store">Where the files are.</param>
/// <param name="directory">Where they are laid out.</param>
public sealed class HermeticInputs(ImageSettings settings, InputStore store, AbsolutePath directory)
{
    /// <summary>Image directory of the Dockerfile that indexes archives.</summary>
    public const string Image = "apt-archive";

    /// <summary>The index of an archive: what it has, by digest.</summary>
    public const string Index = "Packages";

    const string Pool = "pool";

    /// <summary>The archive of an image's system packages.</summary>
    public AbsolutePath ArchiveOf(LockSubject subject) => directory / $"{NameOf(subject)}.apt";

    /// <summary>
    /// The directory of an image's Python distributions, and of those that its wheels are built with.
    /// </summary>
    public AbsolutePath WheelhouseOf(LockSubject subject) => directory / $"{NameOf(subject)}.wheels";

    /// <summary>Lays out what some images take.</summary>
    /// <param name="image">An image of the distribution, as BuildKit takes it for a context.</param>
    /// <exception cref="ProblemException">
    /// Files that the store lacks, or whose bytes are others than those that are locked.
    /// </exception>
    public async Task PrepareAsync(IReadOnlyList<InputLock> locks, string image, Buildx buildx)
    {
        await RequireAsync(locks);
        foreach (var x in locks) await LayWheelsAsync(x);
        var archives = locks.Where(x => x.Files.Any(y => y.Kind == FileKind.Deb)).ToDictionary(StageOf);
        await Stage.MakeAllAsync([.. archives.Keys], async work =>
        {
            foreach (var (stage, aside) in work)
                Link(archives[stage].Files.Where(x => x.Kind == FileKind.Deb), aside / Pool);
            var targets = work.Select((x, i) => (Name: $"{Image}-{i}", x.Aside))
                .ToDictionary(x => x.Name, x => TargetOf(x.Aside, image));
            settings.RequireContexts(Image, targets.Values);
            await buildx.BakeAsync(targets, directory / $"{Image}.bake.json",
                directory / $"{Image}.log", noCache: false);
            var key = RunKey.Create();
            foreach (var (stage, aside) in work) await SignAsync(aside, archives[stage], key);
        });
    }

    async Task RequireAsync(IReadOnlyList<InputLock> locks)
    {
        var files = locks.SelectMany(x => x.Files)
            .Where(x => x.Kind != FileKind.Source)
            .DistinctBy(x => x.Sha256)
            .ToList();
        var (missing, damaged) = await store.VerifyAsync([.. files.Select(x => x.Sha256)]);
        ProblemException.ThrowIfAny(
        [
            .. files.Where(x => missing.Contains(x.Sha256)).Select(x => new Problem(
                damaged.Contains(x.Sha256)
                    ? $"{x} in the store has other bytes than those that are locked; it was removed"
                    : $"{x} is not in the store",
                Expected: $"{x.Content} in {store.Directory}", Remedy: "Run the target Prefetch")),
        ]);
    }

    Task<bool> LayWheelsAsync(InputLock of)
    {
        var files = of.Files.Where(x => x.Kind is FileKind.Wheel or FileKind.Sdist or FileKind.Build).ToList();
        return new Stage(WheelhouseOf(of.Subject), InputsOf(files)).MakeAsync(aside =>
        {
            Link(files, aside);
            // Of several versions that are there, building takes the one that is locked.
            var lines = files.Where(x => x.Kind == FileKind.Build).Select(x => $"{x.Name}=={x.PackageVersion}\n");
            return File.WriteAllTextAsync(aside / "build-lock.txt", string.Concat(lines));
        });
    }

    Stage StageOf(InputLock of) => new(ArchiveOf(of.Subject),
        InputsOf(of.Files.Where(x => x.Kind == FileKind.Deb)).Add("image.files", settings.DigestOf(Image)));

    BakeTarget TargetOf(AbsolutePath aside, string image) => settings.FilesOf(
        Image, DateTimeOffset.UnixEpoch, aside, new() { ["image"] = image, ["archive"] = aside });

    static StageInputs InputsOf(IEnumerable<LockedFile> files) =>
        new StageInputs().Add("files", Digest.OfText(string.Join('\n',
            files.Select(x => $"{x.Kind} {x.FileName} {x.Sha256}").Order(StringComparer.Ordinal))));

    void Link(IEnumerable<LockedFile> files, AbsolutePath into)
    {
        Directory.CreateDirectory(into);
        foreach (var file in files.DistinctBy(x => x.FileName))
            LinkedFile.Create(store.PathOf(file.Sha256), into / file.FileName);
    }

    /// <summary>
    /// A Release file as apt wants it (https://wiki.debian.org/DebianRepository/Format), with the time of the suites
    /// that the packages are from.
    /// </summary>
    static async Task SignAsync(AbsolutePath archive, InputLock of, RunKey key)
    {
        var index = archive / Index;
        var time = of.Inputs.OfType<LockedSuite>().Select(x => x.Date).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max();
        var release = Encoding.UTF8.GetBytes($"""
            Origin: openstack-images
            Suite: locked
            Date: {time.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}
            SHA256:
             {Digest.OfFile(index)["sha256:".Length..]} {new FileInfo(index).Length} {Index}

            """);
        await File.WriteAllBytesAsync(archive / "Release", release);
        await File.WriteAllBytesAsync(archive / "Release.gpg", key.Sign(release));
        await File.WriteAllBytesAsync(archive / "key.gpg", key.PublicKey());
    }

    static string NameOf(LockSubject subject) =>
        subject.Release is null ? subject.Image : $"{subject.Image}-{subject.Release}";
}
