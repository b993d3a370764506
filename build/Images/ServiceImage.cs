using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>Everything that one service image is built from, read from the outputs of the stages before.</summary>
/// <param name="Service">Name of the service, which is that of its image directory.</param>
/// <param name="Release">The OpenStack release.</param>
/// <param name="Version">Version of the packaged software, after PEP 440.</param>
/// <param name="Revision">Commit that was checked out.</param>
/// <param name="Remote">Where the commit comes from, as the world knows it.</param>
/// <param name="CommitTime">Time of the commit.</param>
/// <param name="Distribution">Name of the Python distribution, <c>openstack-placement</c> for placement.</param>
/// <param name="SourceDirectory">The sealed tree.</param>
/// <param name="SourceDigest">Digest of everything that the sealed tree depends on.</param>
/// <param name="ConstraintsDirectory">
/// Directory of <c>constraints.txt</c> and, perhaps, <c>build-constraints.txt</c>.
/// </param>
public sealed record ServiceImage(
    string Service,
    string Release,
    string Version,
    string Revision,
    string Remote,
    DateTimeOffset CommitTime,
    string Distribution,
    AbsolutePath SourceDirectory,
    string SourceDigest,
    AbsolutePath ConstraintsDirectory)
{
    /// <summary>Which file each distribution was installed from: beside an image of one platform.</summary>
    public const string DistributionsName = "distributions.json";

    /// <summary>Extras of the distribution: <c>ldap</c>.</summary>
    public required IReadOnlyList<string> PipExtras { get; init; }

    /// <summary>Further Python packages.</summary>
    public required IReadOnlyList<string> PipPackages { get; init; }

    /// <summary>Runtime packages of the distribution that the image is built on.</summary>
    public required IReadOnlyList<string> AptPackages { get; init; }

    /// <summary>The user's shell, further directories.</summary>
    public ImageData Data { get; init; } = ImageData.Default;

    /// <summary>What it has of what it offers; their packages are among those above.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>Distributions that are built from source though an index has wheels of them; <c>all</c>.</summary>
    public IReadOnlyList<string> FromSource { get; init; } = [];

    /// <summary>Wheels to install from instead of an index.</summary>
    public AbsolutePath? Wheelhouse { get; init; }

    /// <summary>What it is built from by its lock; null where it is what archives and indexes have.</summary>
    public ImageLock? Lock { get; init; }

    /// <summary>Wheels of the libraries that are built from source; null where there are none.</summary>
    public AbsolutePath? LibrariesDirectory { get; init; }

    /// <summary>Where its layout, record and log are kept.</summary>
    public required AbsolutePath Directory { get; init; }

    public AbsolutePath LayoutDirectory => Directory / "image";

    public AbsolutePath InputsFile => Directory / "inputs.json";

    [DescribedFile("BuildWheels: `pylock.toml`, every Python distribution that the image has, with its files and their "
        + "digests; `wheel/`: that of the service")]
    public AbsolutePath ClosureDirectory => Directory / "closure";

    [DescribedFile("BuildWheels: what is installed beside the service: `dependencies.txt`, `wheels/`")]
    public AbsolutePath DependenciesDirectory => Directory / "dependencies";

    [DescribedFile("BuildWheels: the file that each distribution was installed from, and what that was built from")]
    public AbsolutePath DistributionsFile => Directory / DistributionsName;

    /// <summary>Arguments of what is built before the image.</summary>
    public Dictionary<string, string> ClosureArgs
    {
        get
        {
            var args = new Dictionary<string, string>
            {
                ["PBR_VERSION"] = Version,
                ["DISTRIBUTION"] = Distribution,
                ["PIP_EXTRAS"] = string.Join(',', PipExtras),
                ["PIP_PACKAGES"] = string.Join(' ', PipPackages),
            };
            if (FromSource.Count > 0) args["FROM_SOURCE"] = string.Join(' ', FromSource);
            return args;
        }
    }

    /// <summary>Arguments of the image itself.</summary>
    public Dictionary<string, string> Args => new()
    {
        ["SERVICE"] = Service,
        ["APT_PACKAGES"] = string.Join(' ', AptPackages),
        ["USER_SHELL"] = Data.Shell,
        ["DIRECTORIES"] = string.Join(' ', Data.Directories),
        ["SETUID_PROGRAMS"] = string.Join(' ', Data.SetuidPrograms),
    };

    /// <summary>
    /// The source date epoch: nothing in the image is newer. Never before the base image, whose files would be given
    /// other times then, and so its layers other digests than those that every other image shares.
    /// </summary>
    public DateTimeOffset EpochOn(OciLayout pythonBase) =>
        pythonBase.ReadConfig().Created is var created && created > CommitTime ? created : CommitTime;

    /// <summary>The stage that the image is: its layout and all that its digest depends on.</summary>
    public Stage StageOf(ImageSettings settings, OciLayout pythonBase, string venvBuilder)
    {
        var inputs = settings.InputsOf(Service, EpochOn(pythonBase))
            .Add("service.files", settings.DigestOf(ServiceImages.Shared))
            .Add("base.name", settings.PythonBaseName)
            .Add("base.digest", pythonBase.Digest)
            .Add("builder.digest", venvBuilder)
            .Add("source.remote", Remote)
            .Add("source.revision", Revision)
            .Add("source.digest", SourceDigest)
            .Add("constraints.digest", Digest.OfDirectory(ConstraintsDirectory))
            .Add("wheel.digest", Digest.OfDirectory(ClosureDirectory / "wheel"))
            .Add("dependencies.digest", Digest.OfDirectory(DependenciesDirectory));
        if (Lock is not null) inputs.Add(ImageSettings.LockInput, Lock.Digest);
        foreach (var (name, value) in ClosureArgs.Concat(Args)) inputs.Add("arg." + name, value);
        return new Stage(LayoutDirectory, inputs) { InputsFile = InputsFile };
    }
}
