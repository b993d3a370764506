using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Indexes;
using OpenStack.Locks;
using OpenStack.Oci;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;

namespace OpenStack.Pipeline.Images;

/// <summary>What images are built from: where it comes from, and what is written down of it.</summary>
interface IHazInputs : IKeepGoing, IHazRecords, IHazImages, IHazIndexes
{
    [Parameter("Directory of wheels (or of such directories per platform, as in 'linux-arm64', "
        + "or per service in those) to install from instead of a package index")]
    AbsolutePath? Wheelhouse => TryGetValue(() => Wheelhouse);

    [Parameter("Directory that keeps inputs by their digest - Default is '.nuke/cache/inputs'")]
    AbsolutePath InputStore => TryGetValue(() => InputStore) ?? RootDirectory / ".nuke" / "cache" / "inputs";

    [Parameter("Python distributions that images get built from source though there are wheels: names, or 'all'",
        Separator = " ")]
    string[] FromSource => TryGetValue(() => FromSource) ?? [];

    /// <summary>
    /// The wheels to install from on a platform; those of a service, or <c>libraries</c>, where the directory tells
    /// them apart.
    /// </summary>
    AbsolutePath? WheelhouseFor(string platform, string name)
    {
        if (Wheelhouse is null) return null;
        var directory = ImageReference.DirectoryFor(platform, Wheelhouse);
        return Directory.Exists(directory / name) ? directory / name : directory;
    }

    /// <summary>Where what locks name is laid out for builds.</summary>
    HermeticInputs HermeticFor(string platform) =>
        new(SettingsFor(platform), new InputStore(InputStore),
            ArtifactsDirectory / "_inputs" / PlatformName.ForFiles(platform));

    /// <summary>
    /// The wheels that a service is built from on a platform, and nothing else with <c>--hermetic</c>.
    /// </summary>
    AbsolutePath? WheelsFor(string platform, Workspace service) => Hermetic
        ? HermeticFor(platform).WheelhouseOf(SubjectOf(service, platform))
        : WheelhouseFor(platform, service.Component)
            ?? (FetchesDistributions ? service.DistributionsDirectory(platform) : null);

    /// <summary>
    /// Whether what wheels are built with is there before they are built: steps that run the code of whoever wrote a
    /// distribution have then no network, and no proxy that has a password.
    /// </summary>
    /// <exception cref="ProblemException">There is an index, and what takes its place.</exception>
    bool BuildsWheelsOffline
    {
        get
        {
            if (!FetchesDistributions || Hermetic) return false;
            if (Wheelhouse is null) return true;
            if (!NamesIndex) return false;
            throw new ProblemException(new Problem("--wheelhouse and an index are both given",
                Expected: "one place that Python distributions come from",
                Remedy: "Leave out --wheelhouse (or the profile that has it), or --default-index and --index"));
        }
    }

    /// <summary>What builds wheels; where they are built of what is there, no step needs to get out.</summary>
    Buildx WheelBuildx => BuildsWheelsOffline || Wheelhouse is not null ? BuildxBehind(null) : Buildx;

    /// <summary>What holds for builds of wheels.</summary>
    ImageSettings WheelSettingsFor(string platform) => BuildsWheelsOffline
        ? SettingsFor(platform) with { Network = "none" }
        : SettingsFor(platform);

    /// <summary>What was downloaded for a service from indexes of one's own.</summary>
    /// <param name="ofTests">With what its tests want.</param>
    IndexWheelhouse IndexWheelhouseFor(Workspace service, string platform, bool ofTests = false,
        HttpClient? http = null) =>
        new(new InputStore(InputStore), ofTests ? service.TestDistributionsDirectory(platform)
            : service.DistributionsDirectory(platform))
        {
            Http = http,
        };

    LockSubject SubjectOf(Workspace service, string platform) =>
        new(service.Component, service.Release.Name, platform, Distro);

    LockSubject SubjectOf(ServiceImage image, string platform) => new(image.Service, image.Release, platform, Distro);

    LockSubject SubjectOf(string baseImage, string platform) => new(baseImage, null, platform, Distro);

    /// <summary>What an image is built from with <c>--hermetic</c>; else null.</summary>
    ImageLock? ImageLockFor(LockSubject subject) => !Hermetic ? null
        : new ImageLock(LockOf(subject).Digest,
            HermeticFor(subject.Platform).ArchiveOf(subject) is var archive && Directory.Exists(archive)
                ? archive.Parent
                : null);

    /// <summary>Lays out what the selected images are built from, before anything is built.</summary>
    /// <returns>The images that everything starts from.</returns>
    async Task<(ImageReference Distribution, ImageReference Uv)> PrepareInputsAsync(string platform)
    {
        var locks = LocksFor(platform).Select(x => x.Lock).ToList();
        ProblemException.ThrowIfAny([
            .. locks.Where(x => x.Subject.Release is null).Select(OtherImage).OfType<Problem>(),
            .. locks.Where(x => x.Subject.Release is not null).SelectMany(OtherCommits),
        ]);
        var inputs = HermeticFor(platform);
        await inputs.RequireAsync(locks);
        var (distribution, uv) = (await LaidAsync(BaseImages.PythonBase), await LaidAsync(BaseImages.VenvBuilder));
        await inputs.PrepareAsync(locks, distribution.Context, Buildx);
        return (distribution, uv);

        async Task<ImageReference> LaidAsync(string image) =>
            await inputs.LayImageAsync(locks.Single(x => x.Subject.Image == image)) with
            {
                Replaces = ExternalNameOf(image),
            };
    }

    /// <summary>Where an image is that stands in for one that a Dockerfile names; null where none does.</summary>
    AbsolutePath? DirectoryInsteadOf(string image) => InsteadOf(image) is { } place && ImageReference.IsPath(place)
        ? Path.GetFullPath(place, RootDirectory)
        : null;

    /// <summary>
    /// What is asked for, by the Dockerfile or in its place, has to be what is locked. A directory that is not there
    /// asks for nothing: the store has what was in it.
    /// </summary>
    Problem? OtherImage(InputLock of)
    {
        var (image, platform) = (of.Subject.Image, of.Subject.Platform);
        if (of.Images.SingleOrDefault() is not { } locked)
            return new Problem($"the lock of {of.Subject} names no image", ShownAs(of.Subject.FileBelow(RefLocks)),
                Remedy: "Run the target Lock and commit the file");
        Problem Other(string found, string expected) => new(found, ShownAs(of.Subject.FileBelow(RefLocks)),
            Expected: $"{expected}, which is locked",
            Remedy: "Take the image that is locked, or run the target Lock for this one");
        if (DirectoryInsteadOf(image) is { } directory)
            return Directory.Exists(directory)
                && ImageReference.OfDirectory(directory, platform) is var there && there.Digest != locked.Digest
                ? Other($"{there.Name} is {there.Digest}", locked.Digest) : null;
        var asked = RegistryReference.ParseFamiliar(InsteadOf(image) ?? ExternalNameOf(image));
        return (asked with { Digest = null }).ToString() != locked.Name
            ? Other($"{image} starts from {asked}", locked.Name)
            : asked.Digest is { } digest && digest != locked.Digest
                ? Other($"{image} starts from {asked}", locked.Digest)
                : null;
    }

    /// <summary>Sources that are at other commits than those that are locked, as far as they are resolved.</summary>
    IEnumerable<Problem> OtherCommits(InputLock of)
    {
        var locked = of.Inputs.OfType<LockedCommit>().ToDictionary(x => x.Name, x => x.Commit);
        return Sources.Where(x => x.Release.Name == of.Subject.Release && File.Exists(x.RefsFile)
                && (x.Component == of.Subject.Image || Libraries.Any(y => y.Component == x.Component)))
            .Select(x =>
                (x.Component, Now: ResolvedRef.ReadAll(x.RefsFile)[0], Locked: locked.GetValueOrDefault(x.Component)))
            .Where(x => x.Now.Kind == RefKind.Local || x.Now.Commit != x.Locked)
            .Select(x => new Problem($"{x.Component} is at {x.Now.Revision}", ShownAs(of.Subject.FileBelow(RefLocks)),
                Expected: x.Locked is null ? "a commit that is locked" : $"{x.Locked}, which is locked",
                Remedy: "Run the target Lock for this one"));
    }

    /// <summary>
    /// The locks of the base images and of the selected services, with the directory that files without a url come
    /// from.
    /// </summary>
    /// <exception cref="ProblemException">Locks that are not there, or are of something else; all of them.</exception>
    IReadOnlyList<(InputLock Lock, AbsolutePath? Wheelhouse)> LocksFor(string platform)
    {
        var bases = new[] { BaseImages.PythonBase, BaseImages.VenvBuilder }
            .Select(x => (Subject: SubjectOf(x, platform), Wheelhouse: (AbsolutePath?)null));
        var services =
            Selection.Select(x => (Subject: SubjectOf(x, platform), Wheelhouse: WheelhouseFor(platform, x.Component)));
        return Problems.Collect(bases.Concat(services), x => (LockOf(x.Subject), x.Wheelhouse));
    }

    InputLock LockOf(LockSubject subject)
    {
        var file = subject.FileBelow(RefLocks);
        return InputLock.Read(file, ShownAs(file), subject);
    }
}
