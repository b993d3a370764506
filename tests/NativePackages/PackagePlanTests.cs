using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.NativePackages;
using OpenStack.Storage;
using OpenStack.Tests.Lab;

namespace OpenStack.Tests.NativePackages;

/// <summary>What packages are, before their virtual environment is there.</summary>
public sealed class PackagePlanTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public Task APlanHasEverythingButWhatTheFilesSay()
    {
        PackagePlan.Write(PackageOf("nova", "31.3.1"), PackageFormats.All, _directory.Path / "plan");
        var files = FileTree.Entries(_directory.Path / "plan").Where(x => x.Entry is FileInfo)
            .OrderBy(x => x.Name, StringComparer.Ordinal)
            .Select(x => $"### {x.Name}\n{File.ReadAllText(_directory.Path / "plan" / x.Name)}");
        return Verifier.Verify(string.Join('\n', files));
    }

    [Fact]
    public void APathThatNoKernelTakesForAnInterpreterIsRefused()
    {
        var local = new string('x', 90);
        var problem = Assert.Throws<ProblemException>(() => PackageOf("nova", $"31.3.1+{local}").Check());
        Assert.Contains($"would begin with #!/opt/openstack/nova/31.3.1+{local}-p2/bin/python3", problem.Message,
            StringComparison.Ordinal);
        PackageOf("nova", $"31.3.1+{local[20..]}").Check();
    }

    [Fact]
    public void AnEpochIsRefusedAsNamesCannotHaveIt() => Assert.Contains("the version 1!31.3.1 of nova 2025.1 has an "
        + "epoch", Assert.Throws<ProblemException>(() => PackageOf("nova", "1!31.3.1").Check()).Message,
        StringComparison.Ordinal);

    [Fact]
    public void AServiceWithoutDataIsToldWhatToWrite() => Assert.Contains(
        "packages/horizon/package.yaml: horizon has no data for packages",
        Assert.Throws<ProblemException>(() => PackageFiles.Read(Packages, "horizon", out _)).Message,
        StringComparison.Ordinal);

    static AbsolutePath Packages => RepositoryRoot.Path / "packages";

    ServicePackage PackageOf(string service, string version)
    {
        var image = new PythonImage(service, "2025.1", version, "0123456789abcdef0123456789abcdef01234567",
            $"https://opendev.org/openstack/{service}", DateTimeOffset.UnixEpoch, service, _directory.Path, "sha256:0",
            _directory.Path)
        {
            PipExtras = [],
            PipPackages = [],
            AptPackages = [],
            Directory = _directory.Path,
        };
        var wheel = image.ClosureDirectory / "wheel" / $"{service}-{version}-py3-none-any.whl";
        Directory.CreateDirectory(wheel.Parent!);
        File.WriteAllText(wheel, "");
        var files = PackageFiles.Read(Packages, service, out var data);
        return new ServicePackage(image, new PackageVersion(PythonVersion.Parse(version), 2, 1), data, files)
        {
            Directory = _directory.Path,
            Distribution = "debian-trixie",
            Maintainer = "Test <test@example.org>",
            Scripts = ["nova-api", "nova-manage"],
            RuntimePackages = ["python3", "qemu-utils"],
        };
    }
}
