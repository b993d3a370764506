using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Locks;

/// <summary>Where an image is brought from.</summary>
public abstract class ImagePlace
{
    /// <summary>What a message calls it.</summary>
    protected abstract string ShownAs { get; }

    /// <summary>
    /// What is taken as a whole: an index, a manifest, the list of a directory; null where it has none such.
    /// </summary>
    /// <param name="digest">What it is asked for by.</param>
    internal abstract Task<byte[]?> ReadAsync(string digest, CancellationToken cancellation);

    /// <summary>A blob, with where it is to be had.</summary>
    internal abstract WantedInput Want(string name, string sha256, long? size);

    /// <summary>
    /// A layout, a directory of programs, or else the registry that the image is named after, or its mirror.
    /// </summary>
    /// <param name="directory">The directory that stands in for the image; null without one.</param>
    /// <exception cref="ProblemException">There is no such directory, or it has no such platform.</exception>
    public static ImagePlace Of(AbsolutePath? directory, LockedImage image, string platform, RegistryClients clients)
    {
        if (directory is null)
            return new OfRegistry(clients.Mirrors.SourceOf(RegistryReference.ParseFamiliar(image.Name)), clients);
        var place = ImageReference.DirectoryFor(platform, directory);
        if (!Directory.Exists(place))
            throw new ProblemException($"There is no directory {place} to take an image from");
        return File.Exists(place / "index.json")
            ? new OfLayout(OciLayout.Open(place, isForeign: true).Of(platform))
            : new OfFiles(place);
    }

    /// <exception cref="ProblemException">It has another image.</exception>
    internal async Task<byte[]> RequireAsync(LockedImage image, CancellationToken cancellation) =>
        await ReadAsync(image.Digest, cancellation) ?? throw new ProblemException(new Problem(
            $"{ShownAs} has no {image.Digest}", Expected: $"{image.Name}, as it is locked",
            Remedy: "Take the image that is locked (--base-image, --uv-image), or run the target Lock for what there "
                + "is now"));

    sealed class OfRegistry(MirroredReference source, RegistryClients clients) : ImagePlace
    {
        protected override string ShownAs => source.IsMirrored ? $"{source}" : source.Name.Name;

        internal override Task<byte[]?> ReadAsync(string digest, CancellationToken cancellation) =>
            source.AskAsync(async x => (await clients.Of(x.Registry).GetManifestAsync(x.Repository, digest,
                cancellation: cancellation))?.Content);

        internal override WantedInput Want(string name, string sha256, long? size) => new(name, sha256, size, [])
        {
            Download = (file, cancellation) => source.AskAsync(async x =>
            {
                await clients.Of(x.Registry).DownloadBlobAsync(x.Repository,
                    new OciDescriptor(OciMediaTypes.Layer, $"sha256:{sha256}", size ?? 0), file, cancellation);
                return file;
            }),
        };
    }

    sealed class OfLayout(OciLayout layout) : ImagePlace
    {
        protected override string ShownAs => layout.Directory;

        internal override async Task<byte[]?> ReadAsync(string digest, CancellationToken cancellation) =>
            File.Exists(layout.Blob(digest)) ? await File.ReadAllBytesAsync(layout.Blob(digest), cancellation) : null;

        internal override WantedInput Want(string name, string sha256, long? size) =>
            new(name, sha256, size, [new Uri(layout.Blob($"sha256:{sha256}"))]);
    }

    /// <summary>The programs of an image, without one: what the digest is of is their list.</summary>
    sealed class OfFiles(AbsolutePath directory) : ImagePlace
    {
        readonly Lazy<string> _list = new(() => DirectoryList.Of(directory));

        protected override string ShownAs => directory;

        internal override Task<byte[]?> ReadAsync(string digest, CancellationToken cancellation) =>
            Task.FromResult(Digest.OfText(_list.Value) == digest ? Encoding.UTF8.GetBytes(_list.Value) : null);

        internal override WantedInput Want(string name, string sha256, long? size) => new(name, sha256, size,
            [.. DirectoryList.Parse(_list.Value)
                .Where(x => x.Content == $"sha256:{sha256}")
                .Select(x => new Uri(directory / x.Name))]);
    }
}
