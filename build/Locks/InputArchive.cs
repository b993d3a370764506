using System.Formats.Tar;
using System.Text.Json;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Locks;

/// <summary>A file of an archive of inputs.</summary>
/// <param name="Name">What it is called there; it says nothing about its content.</param>
/// <param name="Path">Where it is on this machine.</param>
public sealed record ArchivedInput(string Name, string Digest, AbsolutePath Path);

/// <summary>
/// Inputs as one file, for a site without internet: an OCI image layout in a tar archive with one artifact, whose
/// layers are the inputs, as they are (OCI image specification 1.1, manifest.md, "Guidelines for Artifact Usage").
/// Registries carry it. The same files give the same bytes.
/// </summary>
public static partial class InputArchive
{
    /// <summary>Type of the artifact.</summary>
    public const string ArtifactType = "application/vnd.openstack-images.inputs.v1";

    const string FileType = "application/octet-stream";
    const string Title = "org.opencontainers.image.title";

    /// <summary>Writes inputs that are in the store.</summary>
    /// <param name="others">Files that are not in it, with their names.</param>
    /// <returns>Digest of the artifact's manifest.</returns>
    public static async Task<string> WriteAsync(InputStore store, IEnumerable<WantedInput> inputs,
        IEnumerable<AbsolutePath> others, Stream output, CancellationToken cancellation = default)
    {
        IReadOnlyList<ArchivedInput> files =
        [
            .. inputs.Select(x => new ArchivedInput(x.Name, $"sha256:{x.Sha256}", store.PathOf(x.Sha256)))
                .Concat(others.Select(x => new ArchivedInput(x.Name, Digest.OfFile(x), x)))
                .DistinctBy(x => x.Digest)
                .OrderBy(x => x.Digest, StringComparer.Ordinal),
        ];
        var manifest = ManifestOf(files);
        var digest = Digest.OfBytes(manifest);
        await using var tar = new LayoutTar(output, DateTimeOffset.UnixEpoch);
        await tar.AddIndexAsync(
            OciIndex.Write(new OciDescriptor(OciMediaTypes.Manifest, digest, manifest.Length)), cancellation);
        await tar.AddAsync(LayoutTar.PathOf(digest), manifest, cancellation);
        await tar.AddAsync(
            LayoutTar.PathOf(OciDescriptor.Empty.Digest), OciDescriptor.EmptyContent.ToArray(), cancellation);
        foreach (var file in files)
            await tar.AddAsync(LayoutTar.PathOf(file.Digest), File.OpenRead(file.Path), cancellation);
        return digest;
    }

    /// <summary>Takes in the inputs that an archive has, each of which is what its name says, or none at all.</summary>
    /// <returns>Its files by what they are called there, and how many of them were new.</returns>
    /// <exception cref="ProblemException">
    /// It is no such archive, or files of it are missing or are not what they are called.
    /// </exception>
    public static async Task<(IReadOnlyList<ArchivedInput> Files, int New)> ReadAsync(
        AbsolutePath archive, InputStore store, CancellationToken cancellation = default)
    {
        try
        {
            var manifest = Entries(await ReadEntryAsync(archive, LayoutTar.Index, cancellation)
                ?? throw NoArchive(archive, "it has no index.json"), "manifests").Single().Digest;
            var content = await ReadEntryAsync(archive, LayoutTar.PathOf(manifest), cancellation)
                ?? throw NoArchive(archive, $"it lacks its manifest, {manifest}");
            if (Digest.OfBytes(content) != manifest) throw NoArchive(archive, $"its manifest is not {manifest}");
            var files = Entries(content, "layers");
            var added = await TakeAsync(archive, [.. files.Select(x => x.Digest)], store, cancellation);
            return ([.. files.Select(x =>
                new ArchivedInput(x.Title, x.Digest, store.PathOf(Sha256Of(x.Digest))))], added);
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

    /// <returns>How many were new.</returns>
    static async Task<int> TakeAsync(AbsolutePath archive, IReadOnlyList<string> layers, InputStore store,
        CancellationToken cancellation)
    {
        var (left, added, problems) = (layers.ToHashSet(StringComparer.Ordinal), 0, new List<Problem>());
        await using var stream = File.OpenRead(archive);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            var digest = DigestOf(entry.Name);
            if (digest is null || !left.Remove(digest)) continue;
            var sha256 = Sha256Of(digest);
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
        return added;
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

    /// <summary>A list of descriptors; of an artifact of another type none.</summary>
    static IReadOnlyList<(string Digest, string Title)> Entries(byte[] json, string list) =>
        OciJson.Parse<IReadOnlyList<(string Digest, string Title)>>(json, x =>
        {
            if (list == "layers" && OciJson.Text(x, "artifactType") is var type && type != ArtifactType)
                throw new JsonException($"it holds {type ?? "an image"}, not {ArtifactType}");
            var entries = OciJson.Require(x, list, JsonValueKind.Array)
                .EnumerateArray()
                .Select(y => (Digest: OciJson.Text(y, "digest") ?? "",
                    Title: OciJson.Map(y, "annotations").GetValueOrDefault(Title) ?? ""))
                .ToList();
            if (entries.Find(y => !OciDigest.Is(y.Digest)) is { Digest: { } wrong })
                throw new JsonException($"'{wrong}' is no digest");
            return entries.Count == 1 || list == "layers"
                ? entries
                : throw new JsonException($"it holds {entries.Count} artifacts, not one");
        });

    static byte[] ManifestOf(IReadOnlyList<ArchivedInput> files) => OciJson.Write(x =>
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
            x.WriteStartObject();
            new OciDescriptor(FileType, file.Digest, new FileInfo(file.Path).Length).WriteMembers(x);
            x.WriteStartObject("annotations");
            x.WriteString(Title, file.Name);
            x.WriteEndObject();
            x.WriteEndObject();
        }

        x.WriteEndArray();
        x.WriteEndObject();
    });

    static ProblemException NoArchive(AbsolutePath archive, string why, Exception? inner = null) =>
        new(new Problem($"this is no archive of inputs: {why}", archive,
            Remedy: "Name a file that Prefetch --export-to has written"), inner);

    static string Sha256Of(string digest) => digest["sha256:".Length..];

    static string? DigestOf(string path) =>
        Blob().Match(path) is { Success: true } match ? $"sha256:{match.Groups[1].Value}" : null;

    [GeneratedRegex(@"^(?:\./)?blobs/sha256/([0-9a-f]{64})\z")]
    private static partial Regex Blob();
}
