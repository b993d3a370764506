using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;

namespace OpenStack.NativePackages;

/// <summary>
/// Installs a service's packages by the distribution's own tools, from a repository, on a host that has nothing of it:
/// what becomes of them there, and that the installed service keeps the contract of its image.
/// </summary>
/// <param name="format">Of the packages.</param>
/// <param name="settings">What holds for every image.</param>
/// <param name="distribution">The distribution, as <c>python-base</c> starts from it.</param>
/// <param name="repository">Has the packages, and those of another version of the same service.</param>
public sealed class PackageTest(
    IPackageFormat format, ImageSettings settings, ImageReference distribution, AbsolutePath repository)
{
    /// <summary>Image directory of the Dockerfile that does it.</summary>
    public const string Image = "package-test";

    /// <summary>Makes the host, as an image.</summary>
    /// <param name="package">The packages.</param>
    /// <param name="next">Another version of them, which is later.</param>
    /// <param name="source">Of the repository: distribution and release, with a slash between them.</param>
    /// <param name="directory">Where the image's layout goes, and the log.</param>
    public async Task<OciLayout> InstallAsync(ServicePackage package, ServicePackage next, string source,
        AbsolutePath directory, Buildx buildx)
    {
        var host = Dockerfile.Read(settings.DirectoryOf(Image) / $"host-{format.Name}");
        var target = settings.TargetOf(Image, package.Image.CommitTime, directory / "host", new()
        {
            [distribution.Replaces] = distribution.Context,
            ["repository"] = repository,
        }, args: ArgsOf(package, next, source)) with
        {
            DockerfileInline = $"{host.Text}\n{settings.DockerfileOf(Image).Text}",
        };
        ProblemException.ThrowIfAny([.. settings.DockerfileOf(Image).After(host).CheckContexts(target.Contexts)]);
        Storage.Removal.Remove(directory / "host");
        var name = BakeFile.TargetName(package.Image.Service, package.Image.Release);
        await buildx.BakeAsync(new Dictionary<string, BakeTarget> { [name] = target }, directory / "bake.json",
            directory / "build.log", noCache: false);
        return OciLayout.Open(directory / "host");
    }

    Dictionary<string, string> ArgsOf(ServicePackage package, ServicePackage next, string source) => new()
    {
        ["FORMAT"] = format.Name,
        ["SERVICE"] = package.Image.Service,
        ["SOURCE"] = source,
        ["RUNTIME_PACKAGES"] = string.Join(' ', package.RuntimePackages),
        ["VERSION"] = format.VersionOf(package.Version),
        ["FIRST"] = package.Version.Name,
        ["NEXT"] = format.VersionOf(next.Version),
        ["SECOND"] = next.Version.Name,
        ["PREFIX"] = package.Prefix,
        ["PROGRAM"] = ProgramOf(package),
    };

    /// <summary>The program that migrates its database, or else its first: those print their version.</summary>
    static string ProgramOf(ServicePackage package) =>
        package.Scripts.FirstOrDefault(x => x.EndsWith("-manage", StringComparison.Ordinal)) ?? package.Scripts[0];

    /// <summary>
    /// The contract of the image, where the environment is and how it is started as the package has it. A host has
    /// setuid programs of its own, and what tools of packages need.
    /// </summary>
    public ServiceContract ContractOf(ServicePackage package, ServiceContract image)
    {
        var probe = image.Probe.DeepClone().AsObject();
        probe["environment"] = package.Prefix;
        probe["byte-code"] = "none";
        probe["noted"] = new JsonArray("/usr/share/package-test/life.jsonl", "/usr/share/package-test/lint.jsonl");
        // A host has programs and headers of its own: those of sudo, of the tools that install.
        probe["skip"] = new JsonArray("setuid_programs", "no_build_tools");
        probe["user"] = new JsonObject { ["home"] = "/var/lib/openstack", ["shell"] = "/usr/sbin/nologin" };
        probe["directories"] = new JsonArray(
            $"/var/lib/{package.Image.Service}", $"/var/log/{package.Image.Service}");
        foreach (var serve in probe["serve"] as JsonArray ?? [])
            if (UnitOf(package, serve!) is { } unit) serve!["unit"] = UnitFile.NameOf(unit);
        var name = image.Name.Replace("openstack-images/", $"openstack-packages-{format.Name}/",
            StringComparison.Ordinal);
        return image with { Name = name, Probe = probe };
    }

    /// <summary>The unit that serves what the contract asks: the one of the same WSGI module.</summary>
    static PackageUnit? UnitOf(ServicePackage package, JsonNode serve)
    {
        var words = ((JsonArray)serve["start"]!).Select(x => x!.GetValue<string>()).ToList();
        var module = words.IndexOf("--module") is var at and >= 0 ? words[at + 1] : null;
        return package.Data.Units.FirstOrDefault(x => module is not null && x.Run.Contains(module));
    }
}
