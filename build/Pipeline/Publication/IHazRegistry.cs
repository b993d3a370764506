using System.Text.Json;
using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Storage;

namespace OpenStack.Pipeline.Publication;

/// <summary>
/// Where images are published. What they are named after is said by <see cref="IHazImages.Registry"/>, which is part of
/// them; this is not.
/// </summary>
interface IHazRegistry : IHazImages
{
    [Parameter("Registry and namespace to publish to, or a file that holds {\"address\": \"host:port\"} - "
        + "Default is that of --registry")]
    string? PushTo => TryGetValue(() => PushTo);

    /// <summary>Registry and namespace that images are published to.</summary>
    /// <exception cref="ProblemException">The parameter is none.</exception>
    string PublicationNamespace
    {
        get
        {
            if (PushTo is not { } place) return RepositoryName.Namespace(Registry);
            if (!ImageReference.IsPath(place)) return RepositoryName.Namespace(place);
            var name = Registry.Split('/', 2);
            return RepositoryName.Namespace(name.Length == 2
                ? $"{AddressIn(Path.GetFullPath(place, RootDirectory))}/{name[1]}"
                : AddressIn(Path.GetFullPath(place, RootDirectory)));
        }
    }

    /// <summary>Where an image is published.</summary>
    RegistryReference PublishedAs(string image) =>
        RegistryReference.Parse(RepositoryName.Of(PublicationNamespace, image));

    /// <summary>The registry that images are published to; waits that a person notices are reported.</summary>
    RegistryClient OpenRegistry(bool toPush = false) =>
        Open(Run.Watch, PublishedAs(BaseImages.PythonBase).Registry, toPush);

    /// <summary>Any registry, likewise.</summary>
    static RegistryClient Open(Watch watch, string registry, bool toPush = false) =>
        new(registry, retry: new RegistryRetry(onWait: new Progress().Report), toPush: toPush, watch: watch);

    /// <summary>
    /// An image of any registry, by a name as Dockerfiles have them; null where there is none. Its mirror is asked, if
    /// there is one.
    /// </summary>
    Task<RemoteImage?> FindAsync(string name) =>
        Mirrors.SourceOf(RegistryReference.ParseFamiliar(name)).FindAsync(async x =>
        {
            using var client = Open(Run.Watch, x.Registry);
            return await RemoteImage.FindAsync(client, x);
        });

    /// <summary>A registry whose address is known only once it runs.</summary>
    static string AddressIn(AbsolutePath file)
    {
        if (!File.Exists(file))
            throw new ProblemException($"--push-to names {file}, which is not there",
                "Start the registry that writes it");
        try
        {
            using var json = JsonDocument.Parse(Utf8File.Read(file, file));
            return json.RootElement.GetProperty("address").GetString()!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new ProblemException(
                new Problem("holds no address of a registry", file, Expected: """{"address": "host:port"}"""), e);
        }
    }
}
