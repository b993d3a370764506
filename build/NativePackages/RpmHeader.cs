using System.Buffers.Binary;
using System.Text;

namespace OpenStack.NativePackages;

/// <summary>
/// A header of an rpm: values by their tag (rpm, docs/manual/format_header.md). All numbers are big-endian.
/// </summary>
public sealed class RpmHeader
{
    const int Int16 = 3;
    const int Int32 = 4;
    const int Int64 = 5;
    const int FirstText = 6;
    const int Binary = 7;
    const int PreambleSize = 16;
    const int EntrySize = 16;

    /// <summary>More than any package has (rpm's own limits, lib/header.c).</summary>
    const int LargestIndex = 0xffff;

    const int LargestStore = 256 << 20;

    /// <summary>What a header begins with.</summary>
    public static ReadOnlySpan<byte> Magic => [0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0];


    readonly Dictionary<int, (int Type, int Offset, int Count)> _entries = [];
    readonly byte[] _store;

    RpmHeader(byte[] bytes, int count)
    {
        Bytes = bytes;
        _store = bytes[(PreambleSize + (count * EntrySize))..];
        for (var i = 0; i < count; i++)
        {
            var entry = bytes.AsSpan(PreambleSize + (i * EntrySize), EntrySize);
            var (type, offset, number) = (NumberAt(entry, 4), NumberAt(entry, 8), NumberAt(entry, 12));
            if (offset < 0 || offset > _store.Length || number < 0 || number > _store.Length)
                throw new InvalidDataException("an entry of its header is beyond the end");
            _entries[NumberAt(entry, 0)] = (type, offset, number);
        }
    }

    /// <summary>As it is in the file.</summary>
    public byte[] Bytes { get; }

    /// <exception cref="InvalidDataException">There is no header here.</exception>
    public static RpmHeader Read(Stream stream)
    {
        var preamble = new byte[PreambleSize];
        stream.ReadExactly(preamble);
        var (count, size) = (NumberAt(preamble, 8), NumberAt(preamble, 12));
        if (!preamble.AsSpan(0, Magic.Length).SequenceEqual(Magic) || count is < 0 or > LargestIndex
            || size is < 0 or > LargestStore)
            throw new InvalidDataException("it has no header of rpm");
        var bytes = new byte[PreambleSize + (count * EntrySize) + size];
        preamble.CopyTo(bytes, 0);
        stream.ReadExactly(bytes.AsSpan(PreambleSize));
        return new RpmHeader(bytes, count);
    }

    /// <summary>All tags, as they are stored.</summary>
    public IEnumerable<RpmEntry> Entries => _entries.Select(x => new RpmEntry(x.Key, x.Value.Type, x.Value.Count,
        _store[x.Value.Offset..(x.Value.Offset + LengthOf(x.Value))]));

    int LengthOf((int Type, int Offset, int Count) entry)
    {
        if (SizeOf(entry.Type) is { } size) return size * entry.Count;
        var length = 0;
        for (var i = 0; i < entry.Count; i++) length += _store.AsSpan(entry.Offset + length).IndexOf((byte)0) + 1;
        return length;
    }

    /// <summary>Of a number or byte of that type; null of texts.</summary>
    static int? SizeOf(int type) => type switch
    {
        Int16 => 2,
        Int32 => 4,
        Int64 => 8,
        >= FirstText and not Binary => null,
        _ => 1,
    };

    /// <summary>The bytes of a tag; null where it is not there.</summary>
    public byte[]? Data(int tag) => Entries.FirstOrDefault(x => x.Tag == tag)?.Data;

    /// <summary>Texts of a tag; none where it is not there.</summary>
    public IReadOnlyList<string> Texts(int tag)
    {
        if (!_entries.TryGetValue(tag, out var entry)) return [];
        var (texts, at) = (new List<string>(), entry.Offset);
        for (var i = 0; i < entry.Count; i++)
        {
            var length = _store.AsSpan(at).IndexOf((byte)0);
            if (length < 0) throw new InvalidDataException($"its tag {tag} has no end");
            texts.Add(Encoding.UTF8.GetString(_store, at, length));
            at += length + 1;
        }

        return texts;
    }

    /// <summary>The text of a tag; null where it is not there.</summary>
    public string? Text(int tag) => Texts(tag) is [var first, ..] ? first : null;

    /// <summary>Numbers of a tag; none where it is not there.</summary>
    public IReadOnlyList<long> Numbers(int tag) => !_entries.TryGetValue(tag, out var entry) ? []
        : [.. Enumerable.Range(0, entry.Count).Select(x => NumberOf(entry.Type, entry.Offset, x))];

    /// <summary>The number of a tag; 0 where it is not there.</summary>
    public long Number(int tag) => Numbers(tag) is [var first, ..] ? first : 0;

    long NumberOf(int type, int offset, int index)
    {
        var size = SizeOf(type) ?? 1;
        var at = offset + (index * size);
        if (at + size > _store.Length) throw new InvalidDataException("a number of its header is beyond the end");
        var bytes = _store.AsSpan(at, size);
        return size switch
        {
            2 => BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32BigEndian(bytes),
            8 => BinaryPrimitives.ReadInt64BigEndian(bytes),
            _ => bytes[0],
        };
    }

    static int NumberAt(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes[at..]);
}

/// <summary>A tag of a header.</summary>
/// <param name="Data">As it is stored: numbers are big-endian, texts end with a zero.</param>
public sealed record RpmEntry(int Tag, int Type, int Count, byte[] Data)
{
    /// <summary>What its place in the store is a multiple of.</summary>
    public int Alignment => Type switch { 3 => 2, 4 => 4, 5 => 8, _ => 1 };
}
