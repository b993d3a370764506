using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Oci;

namespace OpenStack.NativePackages;

/// <summary>
/// Installs a service's packages by the distribution's own tools, from a repository, on a host that has nothing of it:
/// what becomes of them there, and that the installed service keeps the contract of its image.
/// </summary>
/// <param name="settings">What holds for every image.</param>
/// <param name="distribution">The distribution, as <c>python-base</c> starts from it.</param>
/// <param name="repository">Has the packages, and those of another version of the same service.</param>
public sealed class PackageTest(ImageSettings settings, ImageReference distribution, AbsolutePath repository)
{
    /// <summary>Image directory of the Dockerfile that does it.</summary>
    public const string Image = "package-test";

    /// <summary>Makes the host, as an image.</summary>
    /// <param name="package">The packages.</param>
    /// <param name="next">Another version of them, which is later.</param>
    /// <param name="suite">Of the repository, with its component after a slash.</param>
    /// <param name="directory">Where the image's layout goes, and the log.</param>
    public async Task<OciLayout> InstallAsync(ServicePackage package, ServicePackage next, string suite,
        AbsolutePath directory, Buildx buildx)
    {
        var target = settings.TargetOf(Image, package.Image.CommitTime, directory / "host", new()
        {
            [distribution.Replaces] = distribution.Context,
            ["repository"] = repository,
        }, args: new()
        {
            ["SERVICE"] = package.Image.Service,
            ["SOURCE"] = suite,
            ["VERSION"] = package.Version.Debian,
            ["NEXT"] = next.Version.Debian,
            ["PREFIX"] = package.Prefix,
            ["PROGRAM"] = ProgramOf(package),
        });
        settings.RequireContexts(Image, [target]);
        Storage.Removal.Remove(directory / "host");
        var name = BakeFile.TargetName(package.Image.Service, package.Image.Release);
        await buildx.BakeAsync(new Dictionary<string, BakeTarget> { [name] = target }, directory / "bake.json",
            directory / "build.log", noCache: false);
        return OciLayout.Open(directory / "host");
    }

    /// <summary>The program that migrates its database, or else its first: those print their version.</summary>
    static string ProgramOf(ServicePackage package) =>
        package.Scripts.FirstOrDefault(x => x.EndsWith("-manage", StringComparison.Ordinal)) ?? package.Scripts[0];

    /// <summary>
    /// The contract of the image, where the environment is and how it is started as the package has it. A host has
    /// setuid programs of its own.
    /// </summary>
    public static ServiceContract ContractOf(ServicePackage package, ServiceContract image)
    {
        var probe = image.Probe.DeepClone().AsObject();
        probe["environment"] = package.Prefix;
        probe["noted"] = new JsonArray("/usr/share/package-test/life.jsonl", "/usr/share/package-test/lint.jsonl");
        probe["skip"] = new JsonArray("setuid_programs");
        probe["user"] = new JsonObject { ["home"] = "/var/lib/openstack", ["shell"] = "/usr/sbin/nologin" };
        probe["directories"] = new JsonArray(
            $"/var/lib/{package.Image.Service}", $"/var/log/{package.Image.Service}");
        foreach (var serve in probe["serve"] as JsonArray ?? [])
            if (UnitOf(package, serve!) is { } unit) serve!["unit"] = UnitFile.NameOf(unit);
        var name = image.Name.Replace("openstack-images/", "openstack-packages/", StringComparison.Ordinal);
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
