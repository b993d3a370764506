using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Oci;

/// <summary>A tag that an image gets.</summary>
/// <param name="Name">What stands behind the colon.</param>
/// <param name="Mutable">Whether it may point elsewhere already, and is moved then.</param>
public sealed record PublishedTag(string Name, bool Mutable);

/// <summary>An image to publish.</summary>
/// <param name="Name">As people know it: <c>keystone 2025.1</c>.</param>
/// <param name="Layout">The image.</param>
/// <param name="Repository">Where it goes, without the registry.</param>
/// <param name="Bundles">What is attached to it, in this order.</param>
/// <param name="Tags">Its tags.</param>
/// <param name="RecordFile">
/// Remembers what was published, so that the next time need only look whether it is still there.
/// </param>
public sealed record PublishedImage(
    string Name, OciLayout Layout, string Repository, IReadOnlyList<AttachedBundle> Bundles,
    IReadOnlyList<PublishedTag> Tags, AbsolutePath RecordFile)
{
    public override string ToString() => Name;
}

/// <summary>A blob and how to open it.</summary>
sealed record PublishedBlob(OciDescriptor Descriptor, Func<Stream> Open);

/// <summary>Everything of an image that a registry stores, read and checked.</summary>
/// <param name="Blobs">Layers, configurations, bundles; each once.</param>
/// <param name="Manifests">Platforms first, then the index of them.</param>
/// <param name="Referrers">In the order in which they are attached.</param>
sealed record PublishedContent(
    IReadOnlyList<PublishedBlob> Blobs, IReadOnlyList<StoredManifest> Manifests, IReadOnlyList<Referrer> Referrers)
{
    /// <exception cref="ProblemException">Part of it is missing, is something else, or is not signed.</exception>
    public static PublishedContent Of(PublishedImage image)
    {
        var layout = image.Layout;
        var platforms = layout.Manifests();
        var manifests = platforms.Append(layout.Root).DistinctBy(x => x.Digest).Select(x => Read(layout, x)).ToList();
        ProblemException.ThrowIfAny([
            .. manifests.Select(x => CheckSigned(image, x.Descriptor)).OfType<Problem>(),
            .. image.Bundles.Select(x => CheckSubject(image, x, manifests)).OfType<Problem>(),
        ]);
        var contents = platforms.Select(x => layout.ReadManifest(x.Digest)).ToList();
        var referrers = image.Bundles.Select(Referrer.Of).ToList();
        var blobs = contents.SelectMany(x => x.Layers.Append(x.Config))
            .Select(x => new PublishedBlob(x, () => Open(layout, x)))
            .Concat(referrers.Select(x =>
                new PublishedBlob(x.BundleDescriptor, () => new MemoryStream(x.BundleContent))))
            .Append(new PublishedBlob(OciDescriptor.Empty,
                () => new MemoryStream(OciDescriptor.EmptyContent.ToArray())));
        return new PublishedContent([.. blobs.DistinctBy(x => x.Descriptor.Digest)], manifests, referrers);
    }

    static StoredManifest Read(OciLayout layout, OciDescriptor descriptor)
    {
        var file = layout.Blob(descriptor.Digest);
        var content = File.Exists(file)
            ? File.ReadAllBytes(file)
            : throw new ProblemException($"{layout.Directory} lacks the blob {descriptor.Digest}",
                "Build the image again with --no-cache");
        return Digest.OfBytes(content) is var digest && digest == descriptor.Digest
            ? new StoredManifest(descriptor with { Size = content.Length }, content)
            : throw new ProblemException($"{file} should be {descriptor.Digest} and is {digest}",
                "Build the image again with --no-cache");
    }

    static FileStream Open(OciLayout layout, OciDescriptor blob)
    {
        try
        {
            return new FileStream(layout.Blob(blob.Digest), new FileStreamOptions
            {
                BufferSize = 0,
                Options = FileOptions.SequentialScan | FileOptions.Asynchronous,
                PreallocationSize = 0,
            });
        }
        catch (IOException e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ProblemException($"{layout.Directory} lacks the blob {blob.Digest}",
                "Build the image again with --no-cache", e);
        }
    }

    static Problem? CheckSigned(PublishedImage image, OciDescriptor manifest) =>
        image.Bundles.Any(x => x.PredicateType == AttachedBundle.Signature && x.Subject.Digest == manifest.Digest)
            ? null
            : new Problem($"{image.Name} has no signature of "
                + $"{manifest.Digest}{(manifest.Platform is null ? "" : $" ({manifest.Platform})")}; "
                + "nothing is published unsigned", Remedy: "Run the target Sign");

    static Problem? CheckSubject(PublishedImage image, AttachedBundle bundle,
        IReadOnlyList<StoredManifest> manifests) =>
        manifests.Any(x => x.Descriptor.Digest == bundle.Subject.Digest) ? null
            : new Problem($"{bundle.File} is about {bundle.Subject.Digest}, which is no part of {image.Name}",
                Remedy: "Run the target Sign");
}
