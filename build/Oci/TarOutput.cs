using System.Globalization;
using System.Text;
using static OpenStack.Oci.TarFormat;

namespace OpenStack.Oci;

/// <summary>
/// Writes tar: the same bytes for the same entries, whoever has written them before. What the header (ustar) has no
/// room for is in an extended header (pax) before it. <see cref="System.Formats.Tar"/> has text alone for extended
/// attributes.
/// </summary>
/// <param name="output">Gets the archive; left open.</param>
sealed class TarOutput(Stream output)
{
    const int NameLength = 100;

    /// <summary>The largest number of seven octal digits.</summary>
    const long MostShort = 0x1FFFFF;

    /// <summary>The largest number of eleven.</summary>
    const long MostLong = 0x1FFFFFFFF;

    /// <summary>An entry; of a file, its content and <see cref="Pad"/> follow.</summary>
    /// <param name="path">Of a directory without <c>/</c> at its end.</param>
    /// <param name="link">Target of a link.</param>
    /// <param name="size">Of the content.</param>
    /// <param name="attributes">Its time is not looked at.</param>
    /// <param name="time">When it was modified, in seconds since 1970.</param>
    public void Write(string path, TarKind kind, string link, long size, TarAttributes attributes, long time)
    {
        var name = kind == TarKind.Directory ? path + "/" : path;
        var type = kind switch
        {
            TarKind.File => '0',
            TarKind.HardLink => '1',
            TarKind.SymbolicLink => '2',
            TarKind.Directory => '5',
            _ => attributes.Type,
        };
        var pax = new SortedDictionary<string, byte[]>(
            attributes.Extended.ToDictionary(x => x.Key, x => x.Value), StringComparer.Ordinal);
        if (Encoding.UTF8.GetByteCount(name) > NameLength || !Ascii.IsValid(name))
            pax["path"] = Encoding.UTF8.GetBytes(name);
        if (Encoding.UTF8.GetByteCount(link) > NameLength || !Ascii.IsValid(link))
            pax["linkpath"] = Encoding.UTF8.GetBytes(link);
        if (size > MostLong) pax["size"] = Digits(size);
        if (attributes.User > MostShort) pax["uid"] = Digits(attributes.User);
        if (attributes.Group > MostShort) pax["gid"] = Digits(attributes.Group);
        if (time is < 0 or > MostLong) pax["mtime"] = Digits(time);
        // A hard link has what the file has.
        if (kind == TarKind.HardLink)
            foreach (var (key, _) in attributes.Extended) pax.Remove(key);
        if (pax.Count > 0) WriteExtended(pax);
        WriteHeader(name, type, link, size, attributes, time);
    }

    /// <summary>What follows the content of a file.</summary>
    public void Pad(long size) => output.Write(new byte[Padded(size) - size]);

    /// <summary>The end of the archive.</summary>
    public void End() => output.Write(new byte[2 * BlockSize]);

    /// <summary>Records are <c>length key=value\n</c>, the length counting itself.</summary>
    void WriteExtended(SortedDictionary<string, byte[]> records)
    {
        var content = new MemoryStream();
        foreach (var (key, value) in records)
        {
            var body = Encoding.UTF8.GetByteCount(key) + value.Length + 3;
            var length = body + Digits(body).Length;
            if (Digits(length).Length > Digits(body).Length) length++;
            content.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{length} {key}=")));
            content.Write(value);
            content.WriteByte((byte)'\n');
        }

        WriteHeader("PaxHeaders/0", 'x', "", content.Length, TarAttributes.Directory with { Mode = 0x1A4 }, 0);
        output.Write(content.GetBuffer().AsSpan(0, (int)content.Length));
        Pad(content.Length);
    }

    void WriteHeader(string name, char type, string link, long size, TarAttributes attributes, long time)
    {
        Span<byte> header = stackalloc byte[BlockSize];
        header.Clear();
        WriteText(header[..NameLength], name);
        WriteNumber(header.Slice(100, 8), attributes.Mode);
        WriteNumber(header.Slice(108, 8), attributes.User <= MostShort ? attributes.User : 0);
        WriteNumber(header.Slice(116, 8), attributes.Group <= MostShort ? attributes.Group : 0);
        WriteNumber(header.Slice(124, 12), size <= MostLong ? size : 0);
        WriteNumber(header.Slice(136, 12), time is >= 0 and <= MostLong ? time : 0);
        header[156] = (byte)type;
        WriteText(header.Slice(157, NameLength), link);
        "ustar\0"u8.CopyTo(header[257..]);
        "00"u8.CopyTo(header[263..]);
        WriteNumber(header.Slice(329, 8), attributes.Major);
        WriteNumber(header.Slice(337, 8), attributes.Minor);
        WriteChecksum(header);
        output.Write(header);
    }

    /// <summary>As much as there is room for; the whole is in the extended header.</summary>
    static void WriteText(Span<byte> field, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes.AsSpan(0, Math.Min(bytes.Length, field.Length)).CopyTo(field);
    }

    static byte[] Digits(long value) => Encoding.ASCII.GetBytes(value.ToString(CultureInfo.InvariantCulture));
}
