using System.Text.Json.Nodes;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Oci;

namespace OpenStack.Images;

/// <summary>
/// What must hold for the image of a service: what holds for all of them, and what its own contract adds.
/// </summary>
/// <param name="Name">Name that the image gets in the engine while it is tested.</param>
/// <param name="Probe">What the probe is to check; see <see cref="ImageContract"/>.</param>
/// <param name="Labels">Labels and annotations that it must have.</param>
/// <param name="Python">What must be installed; null in an image that is no virtual environment.</param>
public sealed record ServiceContract(
    string Name, JsonObject Probe, IReadOnlyDictionary<string, string> Labels, InstalledContract? Python)
{
    /// <summary>What the probe does not look for in an image that is no virtual environment.</summary>
    static readonly string[] s_pythonOnly = ["records_agree", "modules_are_visible", "distributions_are_told",
        "scripts_start", "options_are_listed", "wsgi_entries"];

    /// <param name="image">The image.</param>
    /// <param name="settings">Those that it was built with.</param>
    /// <param name="pythonBase">What it was built on.</param>
    /// <param name="entryPoints">Programs that it must have; null where the release does not say.</param>
    /// <exception cref="Diagnostics.ProblemException">All mistakes in <c>contract.yaml</c>.</exception>
    public static ServiceContract Of(
        ServiceImage image, ImageSettings settings, OciLayout pythonBase, EntryPoints? entryPoints)
    {
        var values = new Dictionary<string, string> { ["version"] = image.Version, ["release"] = image.Release };
        var code = settings.DirectoryOf(image.Shared) / ImageContract.SharedCode;
        if (File.Exists(code)) values[ImageContract.SharedCode] = File.ReadAllText(code);
        var probe = ImageContract.Read(settings.DirectoryOf(image.Service), values, image.Options);
        probe["user"] = new JsonObject { ["home"] = $"/var/lib/{image.Service}", ["shell"] = image.Data.Shell };
        probe["setuid"] = Texts(image.Data.SetuidPrograms);
        probe["directories"] = Texts([$"/etc/{image.Service}", $"/var/lib/{image.Service}",
            $"/var/log/{image.Service}", .. image.Data.Directories]);
        if (entryPoints is not null)
        {
            probe["scripts"] = Texts(entryPoints.Scripts);
            probe["wsgi"] = Texts(entryPoints.Wsgi);
            AskForMigrations(probe, entryPoints.Migrations);
        }

        return new ServiceContract(
            $"openstack-images/{image.Service}:{image.Release}-{PlatformName.ForFiles(settings.Platform)}",
            probe,
            ImageLabels.Of(image.Service, image.EpochOn(pythonBase), settings.PythonBaseName, pythonBase.Digest,
                image.Version, image.Revision, image.Remote, image.Series),
            InstalledIn(image, probe));
    }

    /// <summary>What is installed in the virtual environment; the probe is told which, or that there is none.</summary>
    static InstalledContract? InstalledIn(ServiceImage image, JsonObject probe)
    {
        if (image is not PythonImage python)
        {
            probe["native"] = true;
            probe["skip"] = Texts(s_pythonOnly);
            return null;
        }

        probe["distribution"] = python.Distribution;
        probe["byte-code"] = python.ByteCode;
        return new InstalledContract(python.Distribution, python.Version,
            [.. UpperConstraints.Read(python.ConstraintsDirectory / "constraints.txt", "constraints.txt").Pins]);
    }

    /// <summary>
    /// Whether the service has the commands that bring its database up to date; those that the contract runs are there.
    /// </summary>
    static void AskForMigrations(JsonObject probe, IReadOnlyList<string> migrations)
    {
        var run = probe["serve"]?.ToJsonString() ?? "";
        if (probe["commands"] is not JsonArray commands) probe["commands"] = commands = [];
        foreach (var command in migrations.Select(x => x.Split(' ')))
            if (!run.Contains(Texts(command).ToJsonString()[1..^1], StringComparison.Ordinal))
                commands.Add(new JsonObject { ["run"] = Texts([.. command, "--help"]) });
    }

    static JsonArray Texts(IEnumerable<string> texts) => [.. texts.Select(x => JsonValue.Create(x))];
}

/// <summary>What must be installed in a virtual environment.</summary>
/// <param name="Distribution">The distribution of the service.</param>
/// <param name="Version">The version of that.</param>
/// <param name="Pins">The constraints that it was installed with.</param>
public sealed record InstalledContract(string Distribution, string Version, IReadOnlyList<Pin> Pins);
