using System.Globalization;
using System.Text;
using OpenStack.Oci;
using static OpenStack.Oci.TarFormat;

namespace OpenStack.NativePackages;

/// <summary>
/// The tar segments that a package of apk is made of (apk-v2(5)): ustar headers, and before each file of the data a pax
/// header with its SHA-1, as <c>abuild-tar --hash</c> puts it there. <see cref="System.Formats.Tar"/> writes the id of
/// its process into such headers, and ends each archive.
/// </summary>
/// <param name="output">Gets the segment, and stays open.</param>
/// <param name="time">Of all entries, in seconds since 1970: the source date epoch.</param>
sealed class ApkTar(Stream output, long time)
{
    /// <summary>What apk looks for, among others that no package has.</summary>
    public const string Checksum = "APK-TOOLS.checksum.SHA1";

    const int LongestName = 100;

    /// <summary>A file of the control or signature segment, which has no checksum.</summary>
    public void Add(string name, ReadOnlySpan<byte> content, int mode)
    {
        WriteHeader(name, '0', mode, content.Length, "");
        output.Write(content);
        Pad(content.Length);
    }

    /// <summary>What is installed.</summary>
    /// <returns>Length of a file, in bytes.</returns>
    public long Add(ApkEntry entry)
    {
        var name = entry.Kind is TarKind.Directory ? entry.Path + "/" : entry.Path;
        var records = new List<(string, string)>();
        if (Encoding.UTF8.GetByteCount(name) > LongestName) records.Add(("path", name));
        if (Encoding.UTF8.GetByteCount(entry.Link) > LongestName) records.Add(("linkpath", entry.Link));
        if (entry.Kind is TarKind.SymbolicLink)
            records.Add((Checksum, HexOf(ApkChecksum.Of(Encoding.UTF8.GetBytes(entry.Link)))));
        if (entry.Kind is not TarKind.File)
        {
            WritePax(records);
            WriteHeader(name, entry.Kind is TarKind.Directory ? '5' : '2', entry.Mode, 0, entry.Link);
            return 0;
        }

        long length;
        using (var content = entry.Open())
        {
            records.Add((Checksum, HexOf(ApkChecksum.Of(content))));
            length = content.Length;
        }

        WritePax(records);
        WriteHeader(name, '0', entry.Mode, length, "");
        using (var content = entry.Open()) content.CopyTo(output);
        Pad(length);
        return length;
    }

    /// <summary>Ends the archive: only the last of a package's segments does.</summary>
    public void End() => output.Write(new byte[2 * BlockSize]);

    void WritePax(List<(string Key, string Value)> records)
    {
        if (records.Count == 0) return;
        var content = Encoding.UTF8.GetBytes(string.Concat(records.Select(x => RecordOf(x.Key, x.Value))));
        // A name as Python's tarfile has it: it must not be empty, and means nothing.
        WriteHeader("././@PaxHeader", 'x', 0x1a4, content.Length, "");
        output.Write(content);
        Pad(content.Length);
    }

    /// <summary><c>length key=value</c> and a line feed, the length counting itself.</summary>
    static string RecordOf(string key, string value)
    {
        var rest = Encoding.UTF8.GetByteCount(value) + key.Length + 3;
        var length = rest + Digits(rest);
        if (Digits(length) != Digits(rest)) length = rest + Digits(length);
        return string.Create(CultureInfo.InvariantCulture, $"{length} {key}={value}\n");
    }

    static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    void WriteHeader(string name, char type, int mode, long size, string link)
    {
        var header = new byte[BlockSize];
        Put(header.AsSpan(0, LongestName), name);
        PutOctal(header.AsSpan(100, 8), mode);
        PutOctal(header.AsSpan(108, 8), 0);
        PutOctal(header.AsSpan(116, 8), 0);
        PutOctal(header.AsSpan(124, 12), size);
        PutOctal(header.AsSpan(136, 12), time);
        header[156] = (byte)type;
        Put(header.AsSpan(157, LongestName), link);
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        Put(header.AsSpan(265, 32), "root");
        Put(header.AsSpan(297, 32), "root");
        PutOctal(header.AsSpan(329, 8), 0);
        PutOctal(header.AsSpan(337, 8), 0);
        PutOctal(header.AsSpan(148, 7), ChecksumOf(header));
        header[155] = (byte)' ';
        output.Write(header);
    }

    /// <summary>As much of it as the field takes; whole, it is in the pax header then.</summary>
    static void Put(Span<byte> field, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        bytes.AsSpan(0, Math.Min(bytes.Length, field.Length)).CopyTo(field);
    }

    static void PutOctal(Span<byte> field, long value)
    {
        var digits = Convert.ToString(value, 8).PadLeft(field.Length - 1, '0');
        if (digits.Length >= field.Length)
            throw new InvalidDataException($"{value} is too large for a header of tar");
        Encoding.ASCII.GetBytes(digits, field);
    }

    void Pad(long length) => output.Write(new byte[Padded(length) - length]);

    static string HexOf(byte[] hash) => Convert.ToHexStringLower(hash);
}
