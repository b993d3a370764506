using Nuke.Common.IO;
using OpenStack.Oci;

namespace OpenStack.Lab;

/// <summary>
/// Where everything of the laboratory lies. Parameter profiles name some of these places: they never move.
/// </summary>
/// <param name="Directory">The one directory that holds all of it.</param>
public sealed record LabLayout(AbsolutePath Directory)
{
    /// <summary>
    /// Longest laboratory directory, in bytes, below which the engine's sockets still fit into <c>sockaddr_un</c> (108
    /// bytes).
    /// </summary>
    const int LongestSocketRoot = 48;

    /// <summary>
    /// Held while the laboratory is made, stopped or removed; beside it, because removal must not remove its own lock.
    /// </summary>
    public AbsolutePath LockFile => $"{Directory}.lock";

    /// <summary>Marks the directory as one that may be deleted, see <see cref="CacheTag"/>.</summary>
    public AbsolutePath TagFile => Directory / "CACHEDIR.TAG";

    /// <summary>Programs of Debian's packages, unpacked, not installed.</summary>
    public AbsolutePath Tools => Directory / "tools";

    /// <summary>Wrapper scripts to be started from outside.</summary>
    public AbsolutePath Bin => Directory / "bin";

    public AbsolutePath DockerWrapper => Bin / "docker";

    /// <summary>The programs that sign and verify, unpacked like the <see cref="Tools"/>.</summary>
    public AbsolutePath CosignTools => Directory / "cosign";

    public AbsolutePath Cosign => CosignTools / "usr/bin/cosign";

    /// <summary>
    /// A key pair to sign images with, <c>cosign.key</c> and <c>cosign.pub</c>, worth nothing outside the laboratory.
    /// </summary>
    public AbsolutePath Signing => Directory / "signing";

    /// <summary>The same for repositories of packages: <c>key.asc</c>, and a key of apk.</summary>
    public AbsolutePath PackageSigning => Directory / "package-signing";

    public AbsolutePath DockerConfig => Directory / "docker-config";

    public AbsolutePath Logs => Directory / "log";

    /// <summary>Private state of apt, one directory per set of sources.</summary>
    public AbsolutePath Apt => Directory / "apt";

    /// <summary>Packages of Debian that parts of the laboratory are made of.</summary>
    public AbsolutePath Packages => Directory / "packages";

    /// <summary>Data of the engine: images, build cache, containers.</summary>
    public AbsolutePath EngineData => Directory / "engine";

    /// <summary>
    /// Sockets and run-time state of the engine. A function of the laboratory's path, so nobody has to remember it:
    /// inside, or in a short directory under /run where the path would be too long for a socket.
    /// </summary>
    public AbsolutePath EngineRun => Directory.ToString().Length <= LongestSocketRoot
        ? Directory / "run"
        : (AbsolutePath)$"/run/openstack-lab-{Id}";

    public AbsolutePath EngineSocket => EngineRun / "docker.sock";

    public AbsolutePath RegistryData => Directory / "registry";

    /// <summary><c>{"address":"127.0.0.1:PORT"}</c>.</summary>
    public AbsolutePath RegistryFile => Directory / "registry.json";

    /// <summary>OCI layouts of the image that stands for the distribution's own, one per platform.</summary>
    public AbsolutePath BaseImages => Directory / "base-image";

    /// <summary>Bare repositories, <c>openstack/COMPONENT.git</c>.</summary>
    public AbsolutePath Git => Directory / "git";

    /// <summary>What builds record of the tags in those.</summary>
    public AbsolutePath RefLocks => Git / "ref-locks";

    /// <summary>Directories of wheels, one per platform and service.</summary>
    public AbsolutePath Wheelhouses => Directory / "wheelhouse";

    /// <summary>What was changed to make the wheels of the host's own platform, a file for each service.</summary>
    public AbsolutePath WheelhouseReports => Directory / "wheelhouse-report";

    /// <summary>Pins of all wheels, a file for each service.</summary>
    public AbsolutePath Constraints => Directory / "constraints";

    /// <summary>Directory context that stands for uv's image.</summary>
    public AbsolutePath Uv => Directory / "uv";

    /// <summary>Record of a complete laboratory.</summary>
    public AbsolutePath Complete => Directory / "complete";

    /// <summary>Tells a few laboratories on one machine apart, by FNV-1a of their paths.</summary>
    public string Id => $"{Hash(Directory):x8}";

    public AbsolutePath BaseImage(string platform) => BaseImages / PlatformName.ForFiles(platform);

    public AbsolutePath Repository(string component) => Git / "openstack" / $"{component}.git";

    /// <param name="platform">The platform.</param>
    /// <param name="name">As <see cref="WheelhouseData.PackagesOf"/> takes it.</param>
    public AbsolutePath Wheelhouse(string platform, string name) => WheelhousesOf(platform) / name;

    public AbsolutePath WheelhousesOf(string platform) => Wheelhouses / PlatformName.ForFiles(platform);

    public AbsolutePath ConstraintsOf(string service) => Constraints / $"{service}.txt";

    /// <summary>The program that runs those of a foreign platform.</summary>
    public AbsolutePath Emulator(string platform) => Directory / "emulator" / PlatformName.ForFiles(platform);

    static uint Hash(string text) => text.Aggregate(2166136261, (hash, x) => (hash ^ x) * 16777619);
}
