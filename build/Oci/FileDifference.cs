using System.IO.Compression;

namespace OpenStack.Oci;

/// <summary>In what two files of one name differ: of archives the member, of others the place.</summary>
static class FileDifference
{
    /// <summary>As many bytes of each as are shown.</summary>
    const int Shown = 24;

    /// <summary>The most that is unpacked in search of the difference.</summary>
    const int MostUnpacked = 1 << 28;

    public static string Between(byte[] one, byte[] other)
    {
        if (one.AsSpan().StartsWith("PK"u8) && other.AsSpan().StartsWith("PK"u8))
            return InArchive(one, other) ?? Place(one, other);
        if (IsGzip(one) && IsGzip(other) && Unpack(one) is { } first && Unpack(other) is { } second)
            return first.AsSpan().SequenceEqual(second) ? "the same content, packed otherwise"
                : $"within what is packed, {Place(first, second)}";
        return Place(one, other);
    }

    static string? InArchive(byte[] one, byte[] other)
    {
        try
        {
            using var first = new ZipArchive(new MemoryStream(one));
            using var second = new ZipArchive(new MemoryStream(other));
            foreach (var name in first.Entries.Select(x => x.FullName).Union(second.Entries.Select(x => x.FullName)))
            {
                var (x, y) = (first.GetEntry(name), second.GetEntry(name));
                if (x is null || y is null) return $"member {name} is in the {(x is null ? "second" : "first")} alone";
                if (x.LastWriteTime != y.LastWriteTime)
                    return $"member {name}: time {x.LastWriteTime:s}, time {y.LastWriteTime:s}";
                if (x.ExternalAttributes != y.ExternalAttributes)
                    return $"member {name}: attributes {x.ExternalAttributes:x}, attributes {y.ExternalAttributes:x}";
                if (x.Crc32 != y.Crc32) return $"member {name}: {Place(Content(x), Content(y))}";
            }

            return first.Entries.Select(x => x.FullName).SequenceEqual(second.Entries.Select(x => x.FullName)) ? null
                : "the same members in another order";
        }
        catch (InvalidDataException)
        {
            // Whatever it is, it is no archive.
            return null;
        }
    }

    static byte[] Content(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        return ReadAll(stream);
    }

    static bool IsGzip(byte[] bytes) => bytes is [0x1f, 0x8b, ..];

    static byte[]? Unpack(byte[] bytes)
    {
        try
        {
            using var stream = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
            return ReadAll(stream);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    static byte[] ReadAll(Stream stream)
    {
        var (content, buffer) = (new MemoryStream(), new byte[1 << 16]);
        while (content.Length < MostUnpacked && stream.Read(buffer) is var count and > 0)
            content.Write(buffer, 0, count);
        return content.ToArray();
    }

    /// <summary>
    /// The first byte that differs and what follows; of text the line.
    /// </summary>
    static string Place(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other)
    {
        var at = one.CommonPrefixLength(other);
        var sizes = one.Length == other.Length ? "" : $" ({one.Length} bytes, {other.Length} bytes)";
        if (one.IndexOf((byte)0) >= 0 || other.IndexOf((byte)0) >= 0)
            return $"byte {at}: {Hex(one, at)}, {Hex(other, at)}{sizes}";
        var line = one[..at].Count((byte)'\n') + 1;
        var start = one[..at].LastIndexOf((byte)'\n') + 1;
        return $"line {line}: '{Line(one, start)}', '{Line(other, start)}'{sizes}";
    }

    static string Hex(ReadOnlySpan<byte> bytes, int at) =>
        at >= bytes.Length ? "its end" : Convert.ToHexStringLower(bytes.Slice(at, Math.Min(8, bytes.Length - at)));

    static string Line(ReadOnlySpan<byte> bytes, int start)
    {
        var rest = bytes[start..];
        var end = rest.IndexOf((byte)'\n');
        var line = System.Text.Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
        var plain = string.Concat(line.Select(x => char.IsControl(x) ? '?' : x));
        return plain.Length <= 4 * Shown ? plain : $"{plain[..(4 * Shown)]}…";
    }
}
