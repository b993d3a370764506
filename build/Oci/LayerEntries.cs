using System.Security.Cryptography;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>What one layer says of one path.</summary>
/// <param name="Path">As written.</param>
/// <param name="Link">Target of a link.</param>
/// <param name="Digest">SHA-256 of a file, where asked for.</param>
/// <param name="Content">Of a file, where asked for.</param>
/// <param name="Search">What looked into it, where something did.</param>
sealed record LayerEntry(
    string Path, TarKind Kind, string Link, long Size, byte[]? Digest, byte[]? Content, IContentSearch? Search = null)
{
    /// <summary>Owner, mode and the like, where asked for.</summary>
    public TarAttributes? Attributes { get; init; }

    /// <summary>Where its content begins in the layer, unpacked.</summary>
    public long Offset { get; init; }
}

/// <summary>What is wanted of a layer beside its paths.</summary>
/// <param name="Keep">Whether the content of a file at a path is.</param>
sealed record LayerReading(Func<string, bool> Keep)
{
    /// <summary>Whether the digests of all files are.</summary>
    public bool Digests { get; init; }

    /// <summary>Whether owners, modes and the like are.</summary>
    public bool Attributes { get; init; }

    /// <summary>What is to look into a file; null for nothing.</summary>
    public Func<string, IContentSearch?>? Search { get; init; }
}

/// <summary>Reads a layer once, from its first to its last byte.</summary>
static class LayerEntries
{
    /// <summary>Of the contents that are kept of one layer, in bytes: package databases have a few megabytes.</summary>
    const long MostContent = 1 << 28;

    const int MostEntries = 2_000_000;

    /// <summary>The entries in their order.</summary>
    /// <exception cref="ProblemException">It is missing, or no layer.</exception>
    public static IReadOnlyList<LayerEntry> Read(
        OciLayout layout, OciDescriptor layer, LayerReading reading)
    {
        try
        {
            using var blob = new FileStream(layout.Blob(layer.Digest), FileMode.Open, FileAccess.Read, FileShare.Read,
                1 << 16, FileOptions.SequentialScan);
            if (blob.Length != layer.Size)
                throw new InvalidDataException($"it has {blob.Length} bytes instead of {layer.Size}");
            using var content = LayerContent.Open(blob);
            return Read(new TarStream(content, reading.Attributes), reading);
        }
        catch (Exception e) when (LayerContent.IsDamage(e))
        {
            throw layout.Unreadable(layer, e);
        }
    }

    static List<LayerEntry> Read(TarStream tar, LayerReading reading)
    {
        var entries = new List<LayerEntry>();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var kept = 0L;
        while (tar.Next() is { } item)
        {
            var offset = tar.Offset;
            var path = item.Path.StartsWith("./", StringComparison.Ordinal) ? item.Path[2..] : item.Path.TrimStart('/');
            byte[]? digest = null, content = null;
            IContentSearch? found = null;
            if (item.Kind == TarKind.File)
            {
                content = reading.Keep(path)
                    ? new byte[(kept += item.Size) <= MostContent
                        ? item.Size
                        : throw new InvalidDataException($"{path} is too large")]
                    : null;
                found = reading.Search?.Invoke(path);
                if (content is not null || reading.Digests || found is not null)
                    ReadContent(tar, content, reading.Digests ? hash : null, found);
                digest = reading.Digests ? hash.GetHashAndReset() : null;
            }

            entries.Add(new LayerEntry(path, item.Kind, item.Link, item.Size, digest, content, found)
            {
                Attributes = tar.Attributes,
                Offset = offset,
            });
            if (entries.Count > MostEntries) throw new InvalidDataException($"it has more than {MostEntries} entries");
        }

        return entries;
    }

    static void ReadContent(TarStream tar, byte[]? content, IncrementalHash? hash, IContentSearch? search)
    {
        var at = 0;
        while (tar.Read() is { Length: > 0 } bytes)
        {
            hash?.AppendData(bytes);
            search?.Read(bytes);
            if (content is null) continue;
            bytes.CopyTo(content.AsSpan(at));
            at += bytes.Length;
        }
    }
}
