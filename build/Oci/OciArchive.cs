using System.Formats.Tar;
using System.Text.Json.Nodes;

namespace OpenStack.Oci;

/// <summary>An OCI layout as one tar stream, which is what <c>docker load</c> takes.</summary>
public static class OciArchive
{
    /// <param name="layout">The image.</param>
    /// <param name="name">Name and tag under which the engine will know it.</param>
    /// <param name="output">Gets the tar stream.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task WriteAsync(OciLayout layout, string name, Stream output, CancellationToken cancellation = default)
    {
        await using var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        await AddAsync(tar, "oci-layout", """{"imageLayoutVersion":"1.0.0"}"""u8.ToArray(), cancellation);
        await AddAsync(tar, "index.json", NamedIndex(layout, name), cancellation);
        foreach (var blob in Directory.EnumerateFiles(layout.Directory / "blobs" / "sha256").Order(StringComparer.Ordinal))
        {
            await tar.WriteEntryAsync(blob, $"blobs/sha256/{Path.GetFileName(blob)}", cancellation);
        }
    }

    /// <summary>The layout's index with the two annotations by which containerd and Docker name an image.</summary>
    static byte[] NamedIndex(OciLayout layout, string name)
    {
        var index = JsonNode.Parse(File.ReadAllBytes(layout.Directory / "index.json"))!;
        var manifest = index["manifests"]![0]!.AsObject();
        manifest["annotations"] = new JsonObject
        {
            ["io.containerd.image.name"] = $"docker.io/{name}",
            ["org.opencontainers.image.ref.name"] = name[(name.LastIndexOf(':') + 1)..],
        };
        return System.Text.Encoding.UTF8.GetBytes(index.ToJsonString());
    }

    static Task AddAsync(TarWriter tar, string name, byte[] bytes, CancellationToken cancellation) =>
        tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) }, cancellation);
}
