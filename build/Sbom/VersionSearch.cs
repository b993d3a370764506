using System.Text;
using System.Text.RegularExpressions;
using OpenStack.Oci;

namespace OpenStack.Sbom;

/// <summary>Looks for the texts in a binary, as <c>strings</c> does, that say which version it is.</summary>
/// <param name="version">Matches a whole text; its first group is the version.</param>
sealed class VersionSearch(Regex version) : IContentSearch
{
    const byte First = (byte)' ';
    const byte Last = (byte)'~';

    const int ShortestText = 4;

    /// <summary>A longer one is no version.</summary>
    const int LongestText = 200;

    readonly SortedSet<string> _found = new(StringComparer.Ordinal);
    readonly StringBuilder _text = new();

    /// <summary>Each once; a library may hold the names of older versions that it is compatible with.</summary>
    public IReadOnlyCollection<string> Found
    {
        get
        {
            End();
            return _found;
        }
    }

    public void Read(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var length = bytes.IndexOfAnyExceptInRange(First, Last) is var end and >= 0 ? end : bytes.Length;
            if (_text.Length <= LongestText)
                _text.Append(Encoding.ASCII.GetString(bytes[..Math.Min(length, LongestText + 1 - _text.Length)]));
            if (length == bytes.Length) return;
            End();
            // Most of a binary is no text.
            bytes = bytes[length..];
            bytes = bytes.IndexOfAnyInRange(First, Last) is var start and >= 0 ? bytes[start..] : [];
        }
    }

    void End()
    {
        var text = _text.Length is >= ShortestText and <= LongestText ? _text.ToString() : "";
        if (text.Length > 0 && version.Match(text) is { Success: true } match) _found.Add(match.Groups[1].Value);
        _text.Clear();
    }
}
