using System.Globalization;
using System.Text;
using static OpenStack.Oci.TarFormat;

namespace OpenStack.Oci;

/// <summary>What a tar entry is, as far as the files of an image depend on it.</summary>
enum TarKind
{
    File,
    HardLink,
    SymbolicLink,
    Directory,

    /// <summary>Devices and pipes.</summary>
    Other,
}

/// <summary>One entry of a tar stream.</summary>
/// <param name="Path">As it is written.</param>
/// <param name="Link">Target of a link.</param>
/// <param name="Size">Of the content, in bytes.</param>
readonly record struct TarItem(string Path, TarKind Kind, string Link, long Size);

/// <summary>
/// Reads a tar stream that somebody else wrote, an entry at a time: <see cref="System.Formats.Tar"/> takes several
/// times as long, and reads extended attributes as text. Whatever is no tar is an <see cref="InvalidDataException"/>.
/// </summary>
/// <param name="input">The stream; left open.</param>
/// <param name="attributes">Whether <see cref="Attributes"/> are wanted.</param>
sealed class TarStream(Stream input, bool attributes = false)
{
    /// <summary>The longest path that an engine would unpack (Linux, <c>PATH_MAX</c>).</summary>
    const int LongestPath = 4096;

    /// <summary>The largest extended header: extended attributes may have 64 KiB each.</summary>
    const int LargestHeader = 1 << 20;

    readonly byte[] _buffer = new byte[1 << 16];
    int _start, _end;
    long _left, _padding, _total;

    /// <summary>What the entry says beside what it is, where that was asked for.</summary>
    public TarAttributes? Attributes { get; private set; }

    /// <summary>Where the content of the entry begins, in bytes of the stream, as long as none of it is read.</summary>
    public long Offset => _total - (_end - _start);

    /// <summary>The next entry, whatever is left of the one before skipped; null at the end.</summary>
    public TarItem? Next()
    {
        string? path = null, link = null;
        long? size = null;
        var extended = attributes ? new List<KeyValuePair<string, byte[]>>() : null;
        while (true)
        {
            if (Skip(_left) > 0) throw new InvalidDataException("it ends within a file");
            // Engines read what ends with the last byte of a file, as umoci writes it.
            _ = Skip(_padding);
            (_left, _padding) = (0, 0);
            if (!Fill(BlockSize))
                return _end == _start ? null : throw new InvalidDataException("it ends within a header");
            var header = _buffer.AsSpan(_start, BlockSize);
            if (header.IndexOfAnyExcept((byte)0) < 0) return null;
            if (ReadNumber(header.Slice(148, 8)) != ChecksumOf(header))
                throw new InvalidDataException("a header has the wrong checksum");
            var type = header[156] == 0 ? '0' : (char)header[156];
            var length = HasContent(type) ? Checked(ReadNumber(header.Slice(124, 12))) : 0;
            if (type is 'x' or 'g' or 'L' or 'K')
            {
                _start += BlockSize;
                var content = ReadHeader(length);
                if (type == 'L') path = Text(content);
                else if (type == 'K') link = Text(content);
                else if (type == 'x') ReadPax(content, ref path, ref link, ref size, extended);
                continue;
            }

            var item = new TarItem(Bounded(path ?? NameIn(header)), KindOf(type),
                Bounded(link ?? Text(header.Slice(157, 100))), HasContent(type) ? Checked(size ?? length) : 0);
            if (extended is not null) Attributes = TarAttributes.Read(header, extended);
            _start += BlockSize;
            (_left, _padding) = (item.Size, Padded(item.Size) - item.Size);
            return item;
        }
    }

    /// <summary>The next bytes of the entry's content; none at its end. They are good until the next call.</summary>
    public ReadOnlySpan<byte> Read()
    {
        if (_left == 0) return [];
        if (_end == _start && !Fill(1)) throw new InvalidDataException("it ends within a file");
        var count = (int)Math.Min(_left, _end - _start);
        var bytes = _buffer.AsSpan(_start, count);
        _start += count;
        _left -= count;
        return bytes;
    }

    static TarKind KindOf(char type) => type switch
    {
        '1' => TarKind.HardLink,
        '2' => TarKind.SymbolicLink,
        '3' or '4' or '6' => TarKind.Other,
        '5' => TarKind.Directory,
        'S' => throw new InvalidDataException("it has a sparse file of GNU's, which no image format knows"),
        _ => TarKind.File,
    };

    /// <summary>ustar has a prefix of its own; GNU keeps times there.</summary>
    static string NameIn(ReadOnlySpan<byte> header)
    {
        var name = Text(header[..100]);
        var prefix = header.Slice(257, 6).SequenceEqual("ustar\0"u8) ? Text(header.Slice(345, 155)) : "";
        return prefix.Length == 0 ? name : $"{prefix}/{name}";
    }

    static string Text(ReadOnlySpan<byte> field) =>
        Encoding.UTF8.GetString(field.IndexOf((byte)0) is var end and >= 0 ? field[..end] : field);

    static string Bounded(string path) =>
        path.Length <= LongestPath ? path : throw new InvalidDataException($"a path has {path.Length} characters");

    static long Checked(long size) =>
        size is >= 0 and < 1L << 50 ? size : throw new InvalidDataException("a file has an impossible size");

    /// <summary>Records are <c>length key=value\n</c>, the length counting itself.</summary>
    static void ReadPax(ReadOnlySpan<byte> content, ref string? path, ref string? link, ref long? size,
        List<KeyValuePair<string, byte[]>>? others)
    {
        while (content.Length > 0)
        {
            var space = content.IndexOf((byte)' ');
            if (space < 1
                || !int.TryParse(content[..space], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length <= space + 1
                || length > content.Length)
                throw new InvalidDataException("an extended header is broken");
            var record = content[(space + 1)..(length - 1)];
            content = content[length..];
            var equals = record.IndexOf((byte)'=');
            if (equals < 0) throw new InvalidDataException("an extended header is broken");
            var key = record[..equals];
            var value = record[(equals + 1)..];
            if (key.SequenceEqual("path"u8)) path = Text(value);
            else if (key.SequenceEqual("linkpath"u8)) link = Text(value);
            else if (key.SequenceEqual("size"u8))
                size = long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var x)
                    ? x
                    : throw new InvalidDataException("an extended header is broken");
            else others?.Add(new(Text(key), value.ToArray()));
        }
    }

    byte[] ReadHeader(long length)
    {
        if (length > LargestHeader) throw new InvalidDataException("an extended header is too long");
        (_left, _padding) = (length, Padded(length) - length);
        var content = new byte[length];
        for (var at = 0; at < length;)
        {
            var bytes = Read();
            bytes.CopyTo(content.AsSpan(at));
            at += bytes.Length;
        }

        return content;
    }

    /// <returns>How many bytes there are fewer.</returns>
    long Skip(long count)
    {
        while (count > 0)
        {
            if (_end == _start && !Fill(1)) return count;
            var step = (int)Math.Min(count, _end - _start);
            _start += step;
            count -= step;
        }

        return 0;
    }

    /// <summary>Reads until that many bytes are there.</summary>
    bool Fill(int count)
    {
        if (_end - _start >= count) return true;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        while (_end < count)
        {
            var read = input.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0) return false;
            _end += read;
            _total += read;
        }

        return true;
    }
}
