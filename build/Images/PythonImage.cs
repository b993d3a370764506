using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>The image of a Python service: a virtual environment.</summary>
/// <param name="Distribution">Name of the Python distribution, <c>openstack-placement</c> for placement.</param>
/// <param name="ConstraintsDirectory">
/// Directory of <c>constraints.txt</c> and, perhaps, <c>build-constraints.txt</c>.
/// </param>
/// <inheritdoc cref="ServiceImage"/>
public sealed record PythonImage(
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
    : ServiceImage(Service, Release, Version, Revision, Remote, CommitTime, SourceDirectory, SourceDigest)
{
    /// <summary>Which file each distribution was installed from: beside an image of one platform.</summary>
    public const string DistributionsName = "distributions.json";

    /// <summary>The directory of what it installs, beside an image of one platform.</summary>
    public const string ClosureName = "closure";

    /// <summary>What every one of them begins with.</summary>
    public const string SharedName = "service";

    /// <summary>Extras of the distribution: <c>ldap</c>.</summary>
    public required IReadOnlyList<string> PipExtras { get; init; }

    /// <summary>Further Python packages.</summary>
    public required IReadOnlyList<string> PipPackages { get; init; }

    /// <summary>Distributions that are built from source though an index has wheels of them; <c>all</c>.</summary>
    public IReadOnlyList<string> FromSource { get; init; } = [];

    /// <summary>Wheels to install from instead of an index.</summary>
    public AbsolutePath? Wheelhouse { get; init; }

    /// <summary>Wheels of the libraries that are built from source; null where there are none.</summary>
    public AbsolutePath? LibrariesDirectory { get; init; }

    [DescribedFile("BuildWheels: `pylock.toml`, every Python distribution that the image has, with its files and their "
        + "digests; `wheel/`: that of the service")]
    public AbsolutePath ClosureDirectory => Directory / ClosureName;

    [DescribedFile("BuildWheels: what is installed beside the service: `dependencies.txt`, `wheels/`")]
    public AbsolutePath DependenciesDirectory => Directory / "dependencies";

    [DescribedFile("BuildWheels: the file that each distribution was installed from, and what that was built from")]
    public AbsolutePath DistributionsFile => Directory / DistributionsName;

    public override string Shared => SharedName;

    public override Dictionary<string, string> Args => new(base.Args)
    {
        ["BYTE_CODE"] = ByteCode,
    };

    /// <summary>Which of its modules are compiled, in the word for it.</summary>
    public string ByteCode => Catalog.ImageFile.Compiled.Single(x => x.Value == Data.ByteCode).Key;

    protected override string OwnDistribution => Distribution;

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

    public override Dictionary<string, string> Contexts
    {
        get
        {
            var contexts = new Dictionary<string, string>
            {
                ["closure"] = DependenciesDirectory,
                ["wheel"] = ClosureDirectory / "wheel",
            };
            if (Wheelhouse is not null) contexts[ImageSettings.Wheelhouse] = Wheelhouse;
            return contexts;
        }
    }

    protected override void AddTo(StageInputs inputs, OciLayout pythonBase)
    {
        inputs.Add("constraints.digest", Digest.OfDirectory(ConstraintsDirectory))
            .Add("wheel.digest", Digest.OfDirectory(ClosureDirectory / "wheel"))
            .Add("dependencies.digest", Digest.OfDirectory(DependenciesDirectory));
        foreach (var (name, value) in ClosureArgs) inputs.Add("arg." + name, value);
    }
}
