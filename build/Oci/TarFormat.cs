using System.Text;

namespace OpenStack.Oci;

/// <summary>
/// What whoever reads or writes tar needs to know of it. Formats: ustar, GNU and pax (IEEE Std 1003.1, "pax Interchange
/// Format").
/// </summary>
static class TarFormat
{
    public const int BlockSize = 512;

    public static bool HasContent(char type) => type is not ('1' or '2' or '3' or '4' or '5' or '6');

    public static long Padded(long size) => (size + BlockSize - 1) / BlockSize * BlockSize;

    /// <summary>Octal digits, or, for what does not fit (GNU), a big-endian number whose first bit is set.</summary>
    public static long ReadNumber(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            var value = (long)(field[0] & 0x7f);
            foreach (var x in field[1..]) value = (value << 8) | x;
            return value;
        }

        var number = 0L;
        foreach (var x in field)
        {
            if (x is >= (byte)'0' and <= (byte)'7') number = number * 8 + (x - '0');
        }

        return number;
    }

    /// <summary>The sum of all bytes of a header, the checksum's own taken as blanks.</summary>
    public static int ChecksumOf(ReadOnlySpan<byte> header)
    {
        var sum = 0;
        for (var i = 0; i < BlockSize; i++) sum += i is >= 148 and < 156 ? ' ' : header[i];
        return sum;
    }

    /// <summary>Octal digits and a zero.</summary>
    public static void WriteNumber(Span<byte> field, long value)
    {
        var digits = Convert.ToString(value, 8).PadLeft(field.Length - 1, '0');
        Encoding.ASCII.GetBytes(digits, field);
        field[^1] = 0;
    }

    public static void WriteChecksum(Span<byte> header)
    {
        var sum = ChecksumOf(header);
        var field = header.Slice(148, 8);
        field.Fill((byte)' ');
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0'), field);
        field[6] = 0;
    }
}
