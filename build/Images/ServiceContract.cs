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
/// <param name="Distribution">The distribution of the service.</param>
/// <param name="Version">The version of that.</param>
/// <param name="Pins">The constraints that it was installed with.</param>
public sealed record ServiceContract(
    string Name, JsonObject Probe, IReadOnlyDictionary<string, string> Labels, string Distribution, string Version,
    IReadOnlyList<Pin> Pins)
{
    /// <param name="image">The image.</param>
    /// <param name="settings">Those that it was built with.</param>
    /// <param name="pythonBase">What it was built on.</param>
    /// <param name="entryPoints">Programs that it must have; null where the release does not say.</param>
    /// <exception cref="Diagnostics.ProblemException">All mistakes in <c>contract.yaml</c>.</exception>
    public static ServiceContract Of(
        ServiceImage image, ImageSettings settings, OciLayout pythonBase, EntryPoints? entryPoints)
    {
        var values = new Dictionary<string, string> { ["version"] = image.Version, ["release"] = image.Release };
        var probe = ImageContract.Read(settings.DirectoryOf(image.Service), values, image.Options);
        probe["distribution"] = image.Distribution;
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
                image.Version, image.Revision, image.Remote),
            image.Distribution,
            image.Version,
            [.. UpperConstraints.Read(image.ConstraintsDirectory / "constraints.txt", "constraints.txt").Pins]);
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
