using System.Buffers;
using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>
/// Looks for what the Go linker writes into each program of how it was built: a header of 32 bytes, and after it two
/// texts with their lengths (package debug/buildinfo, since Go 1.18; before, a header that only an ELF reader
/// follows).
/// </summary>
sealed class GoSearch : IContentSearch
{
    /// <summary>Header, <c>debug/buildinfo</c>.</summary>
    const int HeaderLength = 32;

    const byte TextsFollow = 2;

    /// <summary>The text of modules is between two marks of this length.</summary>
    const int MarkLength = 16;

    /// <summary>A longer text is none of modules.</summary>
    const int LongestText = 1 << 22;

    /// <summary>What it begins with.</summary>
    static readonly byte[] s_magic = [0xff, .. " Go buildinf:"u8];

    /// <summary>What is held of the content: from where it may begin.</summary>
    readonly ArrayBufferWriter<byte> _held = new();

    /// <summary>How the program was built; null where it does not say.</summary>
    public GoBuildInfo? Found { get; private set; }

    public void Read(ReadOnlySpan<byte> bytes)
    {
        if (Found is not null) return;
        if (_held.WrittenCount > 0)
        {
            _held.Write(bytes);
            bytes = _held.WrittenSpan;
        }

        var from = Look(bytes);
        if (Found is not null || from == bytes.Length)
        {
            _held.ResetWrittenCount();
            return;
        }

        // What is held may be what is looked at.
        var rest = bytes[from..].ToArray();
        _held.ResetWrittenCount();
        _held.Write(rest);
    }

    /// <returns>From where on more is needed.</returns>
    int Look(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; ; at++)
        {
            if (bytes[at..].IndexOf(s_magic) is not (>= 0 and var next))
                return Math.Max(at, bytes.Length - (s_magic.Length - 1));
            at += next;
            // A program that reads such headers has the magic as a text, too.
            if (!TryParse(bytes[at..])) return at;
            if (Found is not null) return bytes.Length;
        }
    }

    /// <returns>Whether it is clear what it is: something, or nothing.</returns>
    bool TryParse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength) return false;
        if (bytes[s_magic.Length] is not (4 or 8) && bytes[s_magic.Length] != 0) return true;
        if ((bytes[s_magic.Length + 1] & TextsFollow) == 0) return true;
        var rest = bytes[HeaderLength..];
        if (!TryTake(ref rest, out var version, out var isKnown)) return isKnown;
        if (!version.StartsWith("go"u8) && !version.StartsWith("devel"u8)) return true;
        if (!TryTake(ref rest, out var text, out isKnown)) return isKnown;
        Found = GoBuildInfo.Parse(version, text.Length > 2 * MarkLength ? text[MarkLength..^MarkLength] : []);
        return true;
    }

    /// <param name="isKnown">Where it is none, whether more bytes would not change that.</param>
    static bool TryTake(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text, out bool isKnown)
    {
        var (length, shift) = (0UL, 0);
        text = [];
        for (var i = 0; i < rest.Length; i++, shift += 7)
        {
            length |= (ulong)(rest[i] & 0x7f) << shift;
            if (rest[i] < 0x80)
            {
                isKnown = length > LongestText;
                if (isKnown || rest.Length - i - 1 < (int)length) return false;
                text = rest.Slice(i + 1, (int)length);
                rest = rest[(i + 1 + (int)length)..];
                return true;
            }

            if (shift > 28)
            {
                isKnown = true;
                return false;
            }
        }

        isKnown = false;
        return false;
    }
}
