using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Images;

/// <summary>An image that comes from outside, pinned: what its name meant when it was looked up.</summary>
/// <param name="Name">What it is called; goes into labels.</param>
/// <param name="Digest">Of its manifest or index; of the files, where a directory stands in for an image.</param>
/// <param name="Created">When it was made, as it says of itself.</param>
/// <param name="Context">As BuildKit takes it for a named context.</param>
/// <param name="DiffIds">Digests of its layers' content, lowest first.</param>
public sealed record ImageReference(string Name, string Digest, DateTimeOffset Created, string Context,
    IReadOnlyList<string> DiffIds)
{
    /// <summary>The name by which a Dockerfile asks for it, where that is another one.</summary>
    public string Replaces { get; init; } = Name;

    /// <summary>Its layout, where it is one on disk.</summary>
    public OciLayout? Layout { get; private init; }

    /// <summary>Whether a value means a place on disk and not an image in a registry.</summary>
    public static bool IsPath(string value) => value.StartsWith('.') || Path.IsPathRooted(value);

    /// <summary>The directory itself, or that of the platform (<c>linux-arm64</c>) in it, where it has such.</summary>
    public static AbsolutePath DirectoryFor(string platform, AbsolutePath directory) =>
        Directory.Exists(directory / PlatformName.ForFiles(platform))
            ? directory / PlatformName.ForFiles(platform)
            : directory;

    /// <summary>
    /// A directory in place of an image: an OCI layout that has the platform, or plain files; or one of either for each
    /// platform.
    /// </summary>
    public static ImageReference OfDirectory(AbsolutePath place, string platform)
    {
        var directory = DirectoryFor(platform, place);
        if (!Directory.Exists(directory))
            throw new ProblemException($"There is no directory {directory} to take an image from");
        if (!File.Exists(directory / "index.json"))
            return new ImageReference(place.Name, Storage.Digest.OfDirectory(directory),
                DateTimeOffset.UnixEpoch, directory, []);
        var layout = OciLayout.Open(directory, isForeign: true).Of(platform);
        var config = layout.ReadConfig();
        return new ImageReference(layout.Name ?? place.Name, layout.Digest, config.Created,
            layout.Context, config.DiffIds)
        {
            Layout = layout,
        };
    }

    /// <summary>
    /// An image in a registry, by the digest that its tag had when it was first looked up; <paramref name="pinsFile"/>
    /// remembers it, so that a later run needs no registry and builds on the same base.
    /// </summary>
    /// <param name="name">Reference of the image.</param>
    /// <param name="platform">Which of its platforms counts.</param>
    /// <param name="buildx">What looks it up.</param>
    /// <param name="pinsFile">Where it is remembered.</param>
    /// <param name="again">Look it up even if it is remembered.</param>
    public static async Task<ImageReference> OfRegistryAsync(string name, string platform, Buildx buildx,
        AbsolutePath pinsFile, bool again)
    {
        var pins = ReadPins(pinsFile);
        if (again || !pins.TryGetValue(name, out var pin))
        {
            pins[name] = pin = await buildx.InspectAsync(name, platform);
            AtomicFile.WriteText(pinsFile, JsonSerializer.Serialize(pins, s_json) + "\n");
        }

        return Of(name, pin);
    }

    /// <summary>The same without asking anybody; null where nothing is remembered.</summary>
    public static ImageReference? Remembered(string name, AbsolutePath pinsFile) =>
        ReadPins(pinsFile).TryGetValue(name, out var pin) ? Of(name, pin) : null;

    static ImageReference Of(string name, ImageInspection pin)
    {
        // In labels with its registry, and without a digest, which is a label of its own (OCI image specification 1.1,
        // annotations.md).
        var reference = RegistryReference.ParseFamiliar(name) with { Digest = null };
        return new ImageReference(reference.ToString(), pin.Digest, pin.Created,
            $"docker-image://{reference.Name}@{pin.Digest}", pin.DiffIds);
    }

    /// <summary>What <see cref="OfRegistryAsync"/> remembers, in one or several files: digests by name.</summary>
    public static IReadOnlyDictionary<string, string> RememberedDigests(IReadOnlyList<AbsolutePath> pinsFiles) =>
        pinsFiles.SelectMany(ReadPins).DistinctBy(x => x.Key).ToDictionary(x => x.Key, x => x.Value.Digest);

    static SortedDictionary<string, ImageInspection> ReadPins(AbsolutePath pinsFile) =>
        File.Exists(pinsFile)
            ? JsonSerializer.Deserialize<SortedDictionary<string, ImageInspection>>(File.ReadAllText(pinsFile))!
            : [];

    /// <summary>
    /// The name without tag and digest: <c>ghcr.io/astral-sh/uv:0.9@sha256:…</c> is <c>ghcr.io/astral-sh/uv</c>.
    /// </summary>
    public static string Repository(string name)
    {
        var plain = name.Split('@')[0];
        var colon = plain.LastIndexOf(':');
        return colon > plain.LastIndexOf('/') ? plain[..colon] : plain;
    }

    static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };
}
