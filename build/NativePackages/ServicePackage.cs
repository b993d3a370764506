using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Storage;
using OpenStack.Wheels;

namespace OpenStack.NativePackages;

/// <summary>
/// The packages of a service: the virtual environment of one version, below a path of its own, and a small one that
/// says which version this host runs, with the units, links and configuration of the service.
/// </summary>
/// <param name="Image">What it is made of is what its image is made of.</param>
/// <param name="Version">The version that names and paths have.</param>
/// <param name="Data">What is said of the service.</param>
/// <param name="Files">The data of packages: files of every service, and of this one.</param>
public sealed record ServicePackage(
    PythonImage Image, PackageVersion Version, PackageData Data, PackageFiles Files)
{
    /// <summary>
    /// As long as the kernel takes it for an interpreter, with <c>#!</c> and a line break (execve(2)).
    /// </summary>
    const int LongestInterpreter = 124;

    /// <summary>Who answers for them: a name and an address.</summary>
    public required string Maintainer { get; init; }

    /// <summary>What it is built on, and for: distribution and codename.</summary>
    public required string Distribution { get; init; }

    /// <summary>Programs that get a link in <c>/usr/bin</c>.</summary>
    public required IReadOnlyList<string> Scripts { get; init; }

    /// <summary>Packages of the distribution that are needed to run it, beside what its files link.</summary>
    public required IReadOnlyList<string> RuntimePackages { get; init; }

    /// <summary>Where the packages are kept.</summary>
    public required AbsolutePath Directory { get; init; }

    /// <summary>The package that units, links and configuration are in.</summary>
    public string Name => $"openstack-{Image.Service}";

    /// <summary>The package of the virtual environment.</summary>
    public string VersionName => $"{Name}-{Version.Name}";

    /// <summary>Where the virtual environments of all versions are.</summary>
    public string Home => $"/opt/openstack/{Image.Service}";

    public string Prefix => $"{Home}/{Version.Name}";

    /// <summary>What the two packages are, in every format.</summary>
    public IReadOnlyList<PackagePart> Parts =>
    [
        new(PackagePart.OfVersion, VersionName, $"{Data.Summary} ({Version.Name})",
            $"The virtual environment of {Image.Service} {Version.Python.Normal}, OpenStack\n"
            + $"{Image.Release}, with {Version.Patches} patches, in {Prefix}.\n"
            + "Several versions can be installed beside each other.", Files.OfVersion, Variables),
        new(PackagePart.OfService, Name, Data.Summary,
            $"Units, configuration and links of {Image.Service}, OpenStack {Image.Release}, for\n"
            + "the version that this package depends on.", Files.OfService, Variables),
    ];

    /// <summary>Its packages of a format, where they were made.</summary>
    public IReadOnlyList<AbsolutePath> FilesOf(IPackageFormat format) =>
        [.. System.IO.Directory.GetFiles(Directory / format.Name, $"*.{format.Name}").Order(StringComparer.Ordinal)
            .Select(x => (AbsolutePath)x)];

    /// <summary>The distributions of the virtual environment, by the files that they are installed from.</summary>
    public IReadOnlyList<DistributionFile> Bundled
    {
        get
        {
            var wheel = (AbsolutePath)System.IO.Directory.GetFiles(Image.ClosureDirectory / "wheel", "*.whl").Single();
            return
            [
                new DistributionFile(Image.Distribution, Image.Version, wheel.Name,
                    Digest.OfFile(wheel)["sha256:".Length..]),
                .. DistributionFiles.Find(Image.Directory)?.Entries ?? [],
            ];
        }
    }

    public PackageVariables Variables => new(Image.Service, Image.Release, Version);

    public override string ToString() => $"{Image.Service} {Image.Release}";

    /// <exception cref="ProblemException">
    /// A format cannot say its version, or a kernel not start its scripts.
    /// </exception>
    public void Check()
    {
        if ($"{Prefix}/bin/python3".Length > LongestInterpreter)
            throw new ProblemException(new Problem(
                $"scripts of {this} would begin with #!{Prefix}/bin/python3, which is too long for a kernel",
                Expected: $"at most {LongestInterpreter} characters",
                Remedy: "Build from a ref whose version is shorter"));
        if (Version.Python.Epoch != 0)
            throw new ProblemException($"the version {Version.Python.Normal} of {this} has an epoch, which the names "
                + "of packages cannot have", "Build from a ref whose version has none");
    }

    /// <summary>The stage that its packages of a format are.</summary>
    public Stage StageOf(ImageSettings settings, OciLayout venvBuilder, IPackageFormat format, PackagePlan plan)
    {
        var inputs = settings.InputsOf(PackageBuild.Image, Image.CommitTime)
            .Add("builder.digest", venvBuilder.Digest)
            .Add("plan.digest", plan.DigestOf(format))
            .Add("wheel.digest", Digest.OfDirectory(Image.ClosureDirectory / "wheel"))
            .Add("dependencies.digest", Digest.OfDirectory(Image.DependenciesDirectory))
            .Add("distribution", Distribution);
        if (format.Packing is { } packing) inputs.Add("packing", packing);
        if (Image.Lock is not null) inputs.Add(ImageSettings.LockInput, Image.Lock.Digest);
        foreach (var (name, value) in Args) inputs.Add("arg." + name, value);
        return new Stage(Directory / format.Name, inputs);
    }

    public Dictionary<string, string> Args => new()
    {
        ["SERVICE"] = Image.Service,
        ["PREFIX"] = Prefix,
        ["RUNTIME_PACKAGES"] = string.Join(' ', RuntimePackages),
    };
}
