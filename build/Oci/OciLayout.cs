using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// An image as a directory after the OCI image layout specification 1.0: <c>oci-layout</c>, <c>index.json</c> and
/// <c>blobs/sha256/…</c>. The digest of the image is that of the one manifest (or index) that <c>index.json</c> points
/// to, under whatever names; where it lists the platforms of one image itself, it is the index.
/// </summary>
public sealed class OciLayout
{
    const string Scheme = "oci-layout://";
    const string RefName = "org.opencontainers.image.ref.name";

    /// <summary>What to do about a part that is missing or damaged: it depends on who made the layout.</summary>
    const string BuildAgain = "Build the image again with --no-cache";
    const string CopyAgain = "Copy the image again from where it came from, or build it again";

    readonly string _remedy;

    OciLayout(AbsolutePath directory, OciDescriptor root, string? name, string remedy) =>
        (Directory, Root, Name, _remedy) = (directory, root, name, remedy);

    public AbsolutePath Directory { get; }

    /// <summary>The image: a manifest, or the index of several platforms' manifests.</summary>
    public OciDescriptor Root { get; }

    /// <summary>Digest of the image: what a registry will know it by.</summary>
    public string Digest => Root.Digest;

    /// <summary>
    /// The image's name after its annotation <c>org.opencontainers.image.ref.name</c>; null without one.
    /// </summary>
    public string? Name { get; }

    /// <summary>
    /// As BuildKit takes it for a named context. The digest decides; the tag is there because buildx 0.33 takes no
    /// reference without one (docker/buildx issue 3793), and nothing is looked up under it.
    /// </summary>
    /// <exception cref="ProblemException">No buildx would find the directory: it cuts references at colons and at
    /// signs.</exception>
    public string Context => ((string)Directory).IndexOfAny([':', '@']) < 0
        ? $"{Scheme}{Directory}:latest@{Digest}"
        : throw new ProblemException(
            $"buildx finds no image in {Directory}: it takes what is behind a colon or an @ for a tag or a digest",
            "Move it to a directory without them in its path");

    /// <summary>Whether a named context is a layout.</summary>
    public static bool IsContext(string context) => context.StartsWith(Scheme, StringComparison.Ordinal);

    /// <summary>The layout that a named context is.</summary>
    public static OciLayout OfContext(string context) => Open(context[Scheme.Length..context.LastIndexOf(":latest@",
        StringComparison.Ordinal)]);

    /// <summary>Opens a layout that holds exactly one image.</summary>
    /// <param name="directory">Where it is.</param>
    /// <param name="isForeign">Whether somebody else may have made it.</param>
    /// <exception cref="ProblemException">It is not a layout, or holds none or several images.</exception>
    public static OciLayout Open(AbsolutePath directory, bool isForeign = false)
    {
        AbsolutePath index = $"{directory}/index.json";
        if (!File.Exists(index))
            throw new ProblemException($"{directory} is no OCI layout: there is no index.json in it");
        try
        {
            return Open(directory, File.ReadAllBytes(index), isForeign ? CopyAgain : BuildAgain);
        }
        catch (JsonException e)
        {
            throw new ProblemException($"{index} is no OCI index: {e.Message}", inner: e);
        }
    }

    static OciLayout Open(AbsolutePath directory, byte[] index, string remedy)
    {
        var (entries, others) = OciJson.Parse(index, ImageManifests.Sort);
        OciLayout Of(OciDescriptor root) => new(directory, root, NameOf(entries, root.Digest), remedy);
        var listed = entries.Select(OciDescriptor.Read).DistinctBy(x => x.Digest).ToList();
        // What most layouts have is believed, and read when it is asked for.
        if (listed is [var only]) return Of(only);

        var found = listed.Select(x => (Descriptor: x, Leads: Of(x).LeadsTo())).ToList();
        others = [.. others, .. found.Where(x => x.Leads.Images.Count == 0).SelectMany(x => x.Leads.Others)];
        found = [.. found.Where(x => x.Leads.Images.Count > 0)];
        // What is part of another one is no image of its own.
        var roots = found
            .Where(x => !found.Any(y => y.Descriptor != x.Descriptor
                && x.Leads.Images.All(z => y.Leads.Images.Any(w => w.Digest == z.Digest))
                && OciMediaTypes.IsIndex(y.Descriptor.MediaType)
                && (x.Leads.Images.Count < y.Leads.Images.Count || !OciMediaTypes.IsIndex(x.Descriptor.MediaType))))
            .ToList();
        if (roots is [var root]) return Of(root.Descriptor);
        var names = entries.Select(x => OciJson.Map(x, "annotations").GetValueOrDefault(RefName)).Distinct().ToList();
        var platforms = roots.SelectMany(x => x.Leads.Images).Select(x => x.Platform).ToList();
        if (roots.Count > 0 && names.Count == 1 && platforms.Distinct().Count() == platforms.Count)
            return new OciLayout(directory,
                new OciDescriptor(OciMediaTypes.Index, Storage.Digest.OfBytes(index), index.Length), names[0], remedy);
        throw new ProblemException(new Problem(
            roots.Count > 0
                ? $"{directory}/index.json lists {roots.Count} images: "
                    + string.Join(", ", roots.Select(x => (NameOf(entries, x.Descriptor.Digest) ?? x.Descriptor.Digest)
                        + $" ({string.Join(", ", x.Leads.Images.Select(y => y.Platform))})"))
                : $"{directory}/index.json lists no "
                    + $"image{(others.Count > 0 ? $", but {string.Join(", ", others)}" : "")}",
            Expected: "one image, of one or several platforms",
            Remedy: "Copy the one that is meant into a layout of its own: skopeo copy oci:<directory>:<name> "
                + "oci:<new directory>"));
    }

    static string? NameOf(IReadOnlyList<JsonElement> entries, string digest) =>
        entries.Where(x => OciJson.Text(x, "digest") == digest)
            .Select(x => OciJson.Map(x, "annotations").GetValueOrDefault(RefName)).FirstOrDefault(x => x is not null);

    /// <summary>The image of one of its platforms alone.</summary>
    /// <exception cref="ProblemException">It has no such platform.</exception>
    public OciLayout Of(string platform) => Manifests() is var manifests
        && manifests.FirstOrDefault(x => x.Platform == platform) is { } manifest
        ? new OciLayout(Directory, manifest, Name, _remedy)
        : throw new ProblemException(
            $"{Directory} has no image of {platform}; it has {string.Join(", ", manifests.Select(x => x.Platform))}",
            "Choose others with --platform");

    /// <summary>The file of a blob.</summary>
    public AbsolutePath Blob(string digest) => IsIndexItself(digest) ? $"{Directory}/index.json"
        : $"{Directory}/blobs/{digest.Replace(':', '/')}";

    /// <summary>The image manifests, one per platform, each with its platform; which they are,
    /// <see cref="ImageManifests"/> says.</summary>
    /// <exception cref="ProblemException">A blob is missing, or not what it should be, or there is no
    /// image.</exception>
    public IReadOnlyList<OciDescriptor> Manifests() => LeadsTo() is { Images.Count: > 0 } found ? found.Images
        : throw new ProblemException(
            new Problem($"{Directory} holds no image{string.Concat(LeadsTo().Others.Select(x => $", but {x}"))}",
            Expected: "the image of a container"));

    /// <summary>The image manifest of the first platform.</summary>
    public OciManifest ReadManifest() =>
        ReadManifest(OciMediaTypes.IsIndex(Root.MediaType) ? Manifests()[0].Digest : Digest);

    /// <summary>One of the image manifests.</summary>
    /// <exception cref="ProblemException">It is missing, or none.</exception>
    public OciManifest ReadManifest(string digest) => Parse(digest,
        x => ImageManifests.OtherThanAnImageIn(x) is { } other
            ? throw new ProblemException(new Problem($"{Directory} holds no image, but {digest} ({other})",
                Expected: "the image of a container"))
            : OciManifest.Read(digest, x));

    /// <summary>The image's configuration, of the first platform: user, environment, labels, creation time.</summary>
    public OciConfig ReadConfig() => ReadConfig(ReadManifest());

    /// <summary>The configuration of one platform.</summary>
    public OciConfig ReadConfig(OciManifest manifest) => Parse(manifest.Config.Digest, OciConfig.Read);

    /// <summary>Fails unless every blob that the image needs is there and is what its digest says, and every layer is
    /// packed in a way that is read.</summary>
    /// <exception cref="ProblemException">All that are not.</exception>
    public void Verify()
    {
        var manifests = Manifests().Select(x => ReadManifest(x.Digest)).ToList();
        var blobs = manifests.SelectMany(x => x.Layers.Append(x.Config)).Concat(Manifests()).Append(Root)
            .DistinctBy(x => x.Digest).ToList();
        Problems.Collect(blobs, x => Damage(x) is { } damage ? throw damage : true);
        Problems.Collect(manifests.SelectMany(x => x.Layers).DistinctBy(x => x.Digest), x =>
        {
            LayerContent.Require(Blob(x.Digest), x);
            return true;
        });
    }

    /// <summary>Why a layer cannot be read: where its digest is not its own, that is why.</summary>
    internal ProblemException Unreadable(OciDescriptor layer, Exception e) =>
        Damage(layer)
            ?? new ProblemException($"The layer {layer.Digest} cannot be read: {e.Message.TrimEnd('.')}",
            "Take another image, or make this one again", e);

    /// <summary>What is wrong with a blob, whatever is in it; null where nothing is.</summary>
    ProblemException? Damage(OciDescriptor blob)
    {
        var file = Blob(blob.Digest);
        if (!File.Exists(file))
            return Missing(blob.Digest,
                blob.MediaType.Contains("nondistributable", StringComparison.Ordinal)
                    || blob.MediaType.Contains("foreign", StringComparison.Ordinal));
        var found = Storage.Digest.OfFile(file);
        return found == blob.Digest ? null : Damaged(file, blob.Digest, found);
    }

    ProblemException Missing(string digest, bool isElsewhere = false) =>
        new($"{Directory} lacks the blob " +
        $"{digest}{(isElsewhere ? ", a layer that may not be handed on (nondistributable)" : "")}", _remedy);

    ProblemException Damaged(AbsolutePath file, string digest, string found) =>
        new($"{file} should be {digest} and is {found}", _remedy);

    bool IsIndexItself(string digest) => digest == Digest && OciMediaTypes.IsIndex(Root.MediaType)
        && !File.Exists($"{Directory}/blobs/{digest.Replace(':', '/')}");

    /// <summary>All that the image leads to.</summary>
    ImageManifests LeadsTo()
    {
        ValueTask<byte[]> Read(OciDescriptor blob) => ValueTask.FromResult(ReadBlob(blob.Digest));
        try
        {
            return ImageManifests.OfAsync(Root, ReadBlob(Digest), new(Read, Read, BelievesPlatforms: false)).AsTask()
                .GetAwaiter().GetResult();
        }
        catch (JsonException e)
        {
            throw new ProblemException($"The image {Digest} in {Directory} is not what it should be: {e.Message}",
                _remedy, e);
        }
    }

    /// <summary>The content of a blob. Its digest is compared first: what is damaged is not read for what it is
    /// not.</summary>
    byte[] ReadBlob(string digest)
    {
        var file = Blob(digest);
        if (!File.Exists(file)) throw Missing(digest);
        var bytes = File.ReadAllBytes(file);
        return Storage.Digest.OfBytes(bytes) is var found && found == digest ? bytes
            : throw Damaged(file, digest, found);
    }

    T Parse<T>(string digest, Func<JsonElement, T> read)
    {
        try
        {
            return OciJson.Parse(ReadBlob(digest), read);
        }
        catch (JsonException e)
        {
            throw new ProblemException($"{Blob(digest)} is not what it should be: {e.Message}", _remedy, e);
        }
    }
}
