using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>What holds for every image of a run.</summary>
/// <param name="ImagesDirectory">The directory with one subdirectory per image.</param>
/// <param name="Platform">Operating system and architecture, <c>linux/amd64</c>.</param>
/// <param name="Registry">Registry and namespace that the images are named after, <c>ghcr.io/c5c3</c>.</param>
public sealed record ImageSettings(AbsolutePath ImagesDirectory, string Platform, string Registry)
{
    /// <summary>
    /// The named context of the wheels to install from, and the target of the images that share them.
    /// </summary>
    public const string Wheelhouse = "wheelhouse";

    /// <summary>
    /// The named context with the archive that system packages are from, instead of the distribution's; in it, the
    /// directory of that archive.
    /// </summary>
    public const string AptArchive = "apt-archive";

    /// <summary>The same of the packages that something is built with, where that is none of its own.</summary>
    public const string BuilderArchive = "builder-archive";

    /// <summary>
    /// The input that says what of the distribution and of indexes it was built from; without it, it is what those had
    /// that day.
    /// </summary>
    public const string LockInput = "lock.digest";

    /// <summary>Network of RUN instructions; not an input of the image.</summary>
    public string? Network { get; init; }

    /// <summary>How layers of images are packed that are published.</summary>
    public LayerPacking Packing { get; init; } = LayerPacking.Default;

    /// <summary>What images say that they are built on.</summary>
    public string PythonBaseName => $"{Registry}/{BaseImages.PythonBase}";

    /// <summary>Files that Dockerfiles share.</summary>
    public AbsolutePath ScriptsDirectory => ImagesDirectory / "scripts";

    public AbsolutePath DirectoryOf(string image) => ImagesDirectory / image;

    public Dockerfile DockerfileOf(string image) => Dockerfile.Read(DirectoryOf(image) / "Dockerfile");

    /// <summary>The inputs that every image has.</summary>
    public StageInputs InputsOf(string image, DateTimeOffset epoch) => new StageInputs()
        .Add("image.files", DigestOf(image))
        .Add("image.scripts", Digest.OfDirectory(ScriptsDirectory))
        .Add("layers.packed-by", Packing.Key)
        .Add("platform", Platform)
        .Add("source-date-epoch", epoch.ToUnixTimeSeconds().ToString());

    /// <summary>
    /// Of all that BuildKit may read; the other files are for us, and what they say arrives as arguments or not at all.
    /// </summary>
    public string DigestOf(string image) => Digest.OfDirectory(
        DirectoryOf(image), Catalog.ImageFile.Name, ImageContract.Name, ImageContract.SharedCode, TestSettingsFile.Name,
        SetFile.Name);

    /// <summary>A target that is an image.</summary>
    /// <param name="layout">Where its layout goes.</param>
    public BakeTarget TargetOf(
        string image,
        DateTimeOffset epoch,
        AbsolutePath layout,
        Dictionary<string, string> contexts,
        IReadOnlyDictionary<string, string>? labels = null,
        Dictionary<string, string>? args = null) => new()
        {
            Context = DirectoryOf(image),
            Contexts = new Dictionary<string, string>(contexts) { ["scripts"] = ScriptsDirectory },
            Args = new Dictionary<string, string>(args ?? [])
            {
                ["SOURCE_DATE_EPOCH"] = epoch.ToUnixTimeSeconds().ToString(),
            },
            Labels = labels ?? new Dictionary<string, string>(),
            Platforms = [Platform],
            Network = Network,
            Output = [BakeFile.LayoutOutput(layout)],
        };

    /// <summary>A target of whose last stage the files are wanted, and no image.</summary>
    /// <param name="directory">Where they go.</param>
    public BakeTarget FilesOf(string image, DateTimeOffset epoch, AbsolutePath directory,
        Dictionary<string, string> contexts, Dictionary<string, string>? args = null) =>
        TargetOf(image, epoch, directory, contexts, args: args) with
        {
            Output = [BakeFile.DirectoryOutput(directory)],
            Files = directory,
        };

    /// <param name="needed">Files that must be in a context, by context.</param>
    /// <exception cref="ProblemException">The Dockerfile of an image asks for what its targets have not.</exception>
    public void RequireContexts(
        string image, IEnumerable<BakeTarget> targets, IReadOnlyDictionary<string, string[]>? needed = null)
    {
        var dockerfile = DockerfileOf(image);
        ProblemException.ThrowIfAny([.. targets.SelectMany(x => dockerfile.CheckContexts(x.Contexts, needed))]);
    }
}
