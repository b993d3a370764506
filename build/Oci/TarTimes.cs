using System.Buffers;
using System.Globalization;
using System.Text;
using static OpenStack.Oci.TarFormat;

namespace OpenStack.Oci;

/// <summary>
/// Copies a tar stream and clamps its times, everything else byte for byte: <see cref="System.Formats.Tar"/> would read
/// extended attributes as text, and file capabilities are none.
/// </summary>
static class TarTimes
{
    /// <param name="input">The tar stream.</param>
    /// <param name="output">Gets the copy.</param>
    /// <param name="latest">
    /// No modification time is later, in seconds since 1970; access and change times are left out.
    /// </param>
    public static void Clamp(Stream input, Stream output, long latest)
    {
        var header = new byte[BlockSize];
        while (input.ReadAtLeast(header, BlockSize, throwOnEndOfStream: false) == BlockSize)
        {
            if (header.AsSpan().IndexOfAnyExcept((byte)0) < 0)
            {
                output.Write(header);
                continue;
            }

            var size = ReadNumber(header.AsSpan(124, 12));
            var type = (char)header[156];
            var isPax = type is 'x' or 'g';
            var pax = isPax ? ClampPax(ReadContent(input, size), latest) : null;
            if (pax is not null) WriteNumber(header.AsSpan(124, 12), pax.Length);
            if (ReadNumber(header.AsSpan(136, 12)) > latest) WriteNumber(header.AsSpan(136, 12), latest);
            WriteChecksum(header);
            // A pax header with nothing left to say is left out.
            if (pax is { Length: 0 }) continue;
            output.Write(header);
            if (pax is null) CopyContent(input, output, HasContent(type) ? size : 0);
            else WritePadded(output, pax);
        }
    }

    static byte[] ReadContent(Stream input, long size)
    {
        var padded = new byte[Padded(size)];
        input.ReadExactly(padded);
        return padded[..(int)size];
    }

    /// <summary>Records are <c>length key=value\n</c>, the length counting itself.</summary>
    static byte[] ClampPax(byte[] content, long latest)
    {
        var output = new MemoryStream();
        for (var start = 0; start < content.Length;)
        {
            var space = Array.IndexOf(content, (byte)' ', start);
            var length = int.Parse(Encoding.ASCII.GetString(content, start, space - start),
                CultureInfo.InvariantCulture);
            var record = content.AsSpan(start, length);
            var equals = record.IndexOf((byte)'=');
            var key = Encoding.UTF8.GetString(record[(space - start + 1)..equals]);
            start += length;
            if (key is "atime" or "ctime") continue;
            if (key == "mtime"
                && decimal.Parse(Encoding.ASCII.GetString(record[(equals + 1)..^1]),
                    CultureInfo.InvariantCulture) is var time)
            {
                // The header says the whole seconds; beyond them a clamped time has nothing to say.
                if (time > latest || time == decimal.Truncate(time)) continue;
            }

            output.Write(record);
        }

        return output.ToArray();
    }

    static void CopyContent(Stream input, Stream output, long size)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            for (var left = Padded(size); left > 0;)
            {
                var count = (int)Math.Min(left, buffer.Length);
                input.ReadExactly(buffer, 0, count);
                output.Write(buffer, 0, count);
                left -= count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    static void WritePadded(Stream output, byte[] content)
    {
        output.Write(content);
        output.Write(new byte[Padded(content.Length) - content.Length]);
    }
}
