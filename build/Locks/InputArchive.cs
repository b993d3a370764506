using System.Formats.Tar;
using System.Text.Json;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Locks;

/// <summary>
/// Inputs as one file, for a site without internet: an OCI image layout in a tar archive with one artifact, whose
/// layers are the inputs, as they are (OCI image specification 1.1, manifest.md, "Guidelines for Artifact Usage").
/// Registries carry it. The same inputs give the same bytes.
/// </summary>
public static partial class InputArchive
{
    /// <summary>Type of the artifact.</summary>
    public const string ArtifactType = "application/vnd.openstack-images.inputs.v1";

    const string FileType = "application/octet-stream";
    const string Title = "org.opencontainers.image.title";

    /// <summary>Writes inputs that are in the store.</summary>
    /// <returns>Digest of the artifact's manifest.</returns>
    public static async Task<string> WriteAsync(InputStore store, IEnumerable<WantedInput> inputs, Stream output,
        CancellationToken cancellation = default)
    {
        var files = inputs.OrderBy(x => x.Sha256, StringComparer.Ordinal).ToList();
        var manifest = ManifestOf(store, files);
        var digest = Digest.OfBytes(manifest);
        await using var tar = new LayoutTar(output, DateTimeOffset.UnixEpoch);
        await tar.AddIndexAsync(IndexOf(new OciDescriptor(OciMediaTypes.Manifest, digest, manifest.Length)),
            cancellation);
        await tar.AddAsync(LayoutTar.PathOf(digest), manifest, cancellation);
        await tar.AddAsync(
            LayoutTar.PathOf(OciDescriptor.Empty.Digest), OciDescriptor.EmptyContent.ToArray(), cancellation);
        foreach (var file in files)
            await tar.AddAsync(
                LayoutTar.PathOf($"sha256:{file.Sha256}"), File.OpenRead(store.PathOf(file.Sha256)), cancellation);
        return digest;
    }

    /// <summary>Takes in the inputs that an archive has, each of which is what its name says, or none at all.</summary>
    /// <returns>How many files it has, and how many of them were new.</returns>
    /// <exception cref="ProblemException">
    /// It is no such archive, or files of it are missing or are not what they are called.
    /// </exception>
    public static async Task<(int Files, int New)> ReadAsync(AbsolutePath archive, InputStore store,
        CancellationToken cancellation = default)
    {
        try
        {
            var manifest = Manifest(await ReadEntryAsync(archive, LayoutTar.Index, cancellation)
                ?? throw NoArchive(archive, "it has no index.json"), "manifests");
            var content = await ReadEntryAsync(archive, LayoutTar.PathOf(manifest.Single()), cancellation)
                ?? throw NoArchive(archive, $"it lacks its manifest, {manifest.Single()}");
            if (Digest.OfBytes(content) != manifest.Single())
                throw NoArchive(archive, $"its manifest is not {manifest.Single()}");
            return await TakeAsync(archive, Manifest(content, "layers"), store, cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or JsonException
            or InvalidOperationException or FormatException)
        {
            throw NoArchive(archive, e.Message.TrimEnd('.'), e);
        }
        catch (Exception e)
            when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            throw new ProblemException($"{archive} cannot be read: {e.Message.TrimEnd('.')}",
                "Name a file that Prefetch --export-to has written", e);
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Describe(e, store.Directory);
        }
    }

    static async Task<(int, int)> TakeAsync(AbsolutePath archive, IReadOnlyList<string> layers, InputStore store,
        CancellationToken cancellation)
    {
        var (left, added, problems) = (layers.ToHashSet(StringComparer.Ordinal), 0, new List<Problem>());
        await using var stream = File.OpenRead(archive);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            var digest = DigestOf(entry.Name);
            if (digest is null || !left.Remove(digest)) continue;
            var sha256 = digest["sha256:".Length..];
            if (store.Has(sha256)) continue;
            var found = await store.AddAsync(sha256, () => entry.DataStream ?? Stream.Null, cancellation: cancellation);
            if (found == sha256) added++;
            else
                problems.Add(new Problem($"{entry.Name} is sha256:{found}", archive, Expected: digest,
                    Remedy: "Copy the file anew; what it has that is right was taken"));
        }

        problems.AddRange(left.Select(x =>
            new Problem($"it lacks {x}", archive, Remedy: "Copy the file anew; what it has was taken")));
        ProblemException.ThrowIfAny(problems);
        return (layers.Count, added);
    }

    static async Task<byte[]?> ReadEntryAsync(AbsolutePath archive, string name, CancellationToken cancellation)
    {
        await using var stream = File.OpenRead(archive);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            if (entry.Name.TrimStart('.', '/') != name) continue;
            if (entry.Length > RegistryTransport.BodyLimit)
                throw new InvalidDataException($"{name} has {entry.Length} bytes");
            var content = new MemoryStream();
            if (entry.DataStream is { } data) await data.CopyToAsync(content, cancellation);
            return content.ToArray();
        }

        return null;
    }

    /// <summary>The digests in a list of descriptors; of an artifact of another type none.</summary>
    static IReadOnlyList<string> Manifest(byte[] json, string list) => OciJson.Parse<IReadOnlyList<string>>(json, x =>
    {
        if (list == "layers" && OciJson.Text(x, "artifactType") is var type && type != ArtifactType)
            throw new JsonException($"it holds {type ?? "an image"}, not {ArtifactType}");
        var digests = OciJson.Require(x, list, JsonValueKind.Array)
            .EnumerateArray()
            .Select(y => OciJson.Text(y, "digest") ?? "")
            .ToList();
        if (digests.Find(y => !Sha256().IsMatch(y)) is { } wrong) throw new JsonException($"'{wrong}' is no digest");
        return digests.Count == 1 || list == "layers"
            ? digests
            : throw new JsonException($"it holds {digests.Count} artifacts, not one");
    });

    static byte[] ManifestOf(InputStore store, IReadOnlyList<WantedInput> files) => OciJson.Write(x =>
    {
        x.WriteStartObject();
        x.WriteNumber("schemaVersion", 2);
        x.WriteString("mediaType", OciMediaTypes.Manifest);
        x.WriteString("artifactType", ArtifactType);
        x.WritePropertyName("config");
        OciDescriptor.Empty.Write(x);
        x.WriteStartArray("layers");
        foreach (var file in files)
        {
            var length = new FileInfo(store.PathOf(file.Sha256)).Length;
            x.WriteStartObject();
            new OciDescriptor(FileType, $"sha256:{file.Sha256}", length).WriteMembers(x);
            x.WriteStartObject("annotations");
            x.WriteString(Title, file.Name);
            x.WriteEndObject();
            x.WriteEndObject();
        }

        x.WriteEndArray();
        x.WriteEndObject();
    });

    static byte[] IndexOf(OciDescriptor manifest) => OciJson.Write(x =>
    {
        x.WriteStartObject();
        x.WriteNumber("schemaVersion", 2);
        x.WriteString("mediaType", OciMediaTypes.Index);
        x.WriteStartArray("manifests");
        manifest.Write(x);
        x.WriteEndArray();
        x.WriteEndObject();
    });

    static ProblemException NoArchive(AbsolutePath archive, string why, Exception? inner = null) =>
        new(new Problem($"this is no archive of inputs: {why}", archive,
            Remedy: "Name a file that Prefetch --export-to has written"), inner);

    static string? DigestOf(string path) =>
        Blob().Match(path) is { Success: true } match ? $"sha256:{match.Groups[1].Value}" : null;

    [GeneratedRegex(@"^(?:\./)?blobs/sha256/([0-9a-f]{64})\z")]
    private static partial Regex Blob();

    [GeneratedRegex(@"^sha256:[0-9a-f]{64}\z")]
    private static partial Regex Sha256();
}
