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

    const string Release = "Release";
    const string Pool = "pool";
    const string Sha256Field = "SHA256: ";

    /// <summary>The archive of an image's system packages.</summary>
    public AbsolutePath ArchiveOf(LockSubject subject) =>
        directory / $"{NameOf(subject)}.apt" / ImageSettings.AptArchive;

    /// <summary>
    /// The directory of an image's Python distributions, and of those that its wheels are built with.
    /// </summary>
    public AbsolutePath WheelhouseOf(LockSubject subject) => directory / $"{NameOf(subject)}.wheels";

    /// <summary>Lays out what some images take.</summary>
    /// <param name="image">An image of the distribution, as BuildKit takes it for a context.</param>
    /// <exception cref="ProblemException">Archives that somebody has changed since they were made.</exception>
    public async Task PrepareAsync(IReadOnlyList<InputLock> locks, string image, Buildx buildx)
    {
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
            var key = RunKey.Create(work.Min(x => TimeOf(archives[x.Stage])));
            foreach (var (stage, aside) in work) await SignAsync(aside, archives[stage], key);
        });
        ProblemException.ThrowIfAny([.. archives.Select(x => ChangedIn(x.Key, x.Value)).OfType<Problem>()]);
    }

    /// <summary>Lays out an image that everything starts from, instead of asking a registry for it.</summary>
    public Task<ImageReference> LayImageAsync(InputLock of) =>
        StoredOf(of, of.Images.Single()).LayAsync(directory / $"{NameOf(of.Subject)}.image");

    /// <summary>Looks at everything that some images take, before the first of it is used.</summary>
    /// <exception cref="ProblemException">
    /// Files that the store lacks, or whose bytes are others than those that are locked.
    /// </exception>
    public async Task RequireAsync(IReadOnlyList<InputLock> locks)
    {
        var problems = new List<Problem>();
        var images = new List<IReadOnlyList<WantedInput>>();
        foreach (var image in locks.SelectMany(x => x.Images, StoredOf))
        {
            try
            {
                images.Add(await image.PartsAsync());
            }
            catch (ProblemException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        var files = locks.SelectMany(x => x.Files)
            .Where(x => x.Kind != FileKind.Source)
            .Select(x => (Name: x.ToString(), x.Sha256))
            .Concat(images.SelectMany(x => x.Select(y => (y.Name, y.Sha256))))
            .DistinctBy(x => x.Sha256)
            .ToList();
        var (missing, damaged) = await store.VerifyAsync([.. files.Select(x => x.Sha256)]);
        ProblemException.ThrowIfAny(
        [
            .. problems, .. files.Where(x => missing.Contains(x.Sha256)).Select(x => new Problem(
                damaged.Contains(x.Sha256) ? InputStore.Damaged(x.Name) : InputStore.Missing(x.Name),
                Expected: $"sha256:{x.Sha256} in {store.Directory}", Remedy: "Run the target Prefetch")),
        ]);
    }

    StoredImage StoredOf(InputLock of, LockedImage image) => new(store, image, of.Subject.Platform);

    Task<bool> LayWheelsAsync(InputLock of)
    {
        var files = of.Files.Where(x => x.Kind is FileKind.Wheel or FileKind.Sdist or FileKind.Build).ToList();
        return new Stage(WheelhouseOf(of.Subject), InputsOf(files)).MakeAsync(aside =>
        {
            Link(files, aside);
            // Of several versions that are there, building takes the one that is locked.
            var lines = files.Where(x => x.Kind == FileKind.Build).Select(x => $"{x.Name}=={x.PackageVersion}\n");
            return File.WriteAllTextAsync(
                aside / "build-lock.txt", $"# What {of.Subject} is built with\n{string.Concat(lines)}");
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

    static async Task SignAsync(AbsolutePath archive, InputLock of, RunKey key)
    {
        var release = ReleaseOf(archive, of);
        await File.WriteAllBytesAsync(archive / Release, release);
        await File.WriteAllBytesAsync(archive / "Release.gpg", key.Sign(release));
        await File.WriteAllBytesAsync(archive / "key.gpg", key.PublicKey());
    }

    /// <summary>
    /// A Release file as apt wants it (https://wiki.debian.org/DebianRepository/Format), with the time of the suites
    /// that the packages are from.
    /// </summary>
    static byte[] ReleaseOf(AbsolutePath archive, InputLock of)
    {
        var index = archive / Index;
        return Encoding.UTF8.GetBytes($"""
            Origin: openstack-images
            Suite: locked
            Date: {TimeOf(of).UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)}
            SHA256:
             {Digest.OfFile(index)["sha256:".Length..]} {new FileInfo(index).Length} {Index}

            """);
    }

    static DateTimeOffset TimeOf(InputLock of) =>
        of.Inputs.OfType<LockedSuite>().Select(x => x.Date).DefaultIfEmpty(DateTimeOffset.UnixEpoch).Max();

    /// <summary>
    /// An archive that an earlier run made has to be that of the lock still. apt would refuse one whose signature does
    /// not fit, in the middle of a build.
    /// </summary>
    static Problem? ChangedIn(Stage stage, InputLock of)
    {
        var index = stage.Output / Index;
        var listed = File.ReadLines(index).Where(x => x.StartsWith(Sha256Field, StringComparison.Ordinal))
            .Select(x => x[Sha256Field.Length..])
            .ToHashSet(StringComparer.Ordinal);
        var file = !listed.SetEquals(of.Files.Where(x => x.Kind == FileKind.Deb).Select(x => x.Sha256)) ? index
            : !ReleaseOf(stage.Output, of).AsSpan().SequenceEqual(File.ReadAllBytes(stage.Output / Release))
                ? stage.Output / Release
                : null;
        if (file is null) return null;
        // The next run makes it anew.
        File.Delete(stage.InputsFile);
        return new Problem($"{file.Name} of the archive of {of.Subject} is not the one that was signed", file,
            Remedy: "Find out who changed it, and run the same command again: the archive is made anew");
    }

    static string NameOf(LockSubject subject) =>
        subject.Release is null ? subject.Image : $"{subject.Image}-{subject.Release}";
}
