using System.Text;
using System.Text.RegularExpressions;

namespace OpenStack.Sources;

/// <summary>RFC 2047: how mail headers carry other characters than ASCII, as <c>=?UTF-8?q?Andr=C3=A9?=</c>.</summary>
static partial class EncodedWords
{
    /// <summary>
    /// The text with its encoded words decoded. Those of another character set than UTF-8 or Latin-1, or broken ones,
    /// stay.
    /// </summary>
    public static string Decode(string text) => Run().Replace(text, Decode);

    /// <summary>
    /// Words in a row are one text; the blanks between them are not part of it, and a character may be cut in two.
    /// </summary>
    static string Decode(Match run)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        Encoding? last = null;
        void Flush()
        {
            if (last is not null) text.Append(last.GetString([.. bytes]));
            bytes.Clear();
        }

        foreach (var word in Word().Matches(run.Value).AsEnumerable())
        {
            if (EncodingOf(word.Groups["charset"].Value) is not { } encoding || BytesOf(word) is not { } decoded)
                return run.Value;
            if (last is not null && encoding != last) Flush();
            last = encoding;
            bytes.AddRange(decoded);
        }

        Flush();
        return text.ToString();
    }

    static Encoding? EncodingOf(string charset) => charset.ToLowerInvariant() switch
    {
        "utf-8" or "utf8" or "us-ascii" or "ascii" => Encoding.UTF8,
        "iso-8859-1" or "iso8859-1" or "latin1" or "latin-1" => Encoding.Latin1,
        _ => null,
    };

    static byte[]? BytesOf(Match word)
    {
        var text = word.Groups["text"].Value;
        if (word.Groups["encoding"].Value is "q" or "Q")
            return Encoding.Latin1.GetBytes(Hexadecimal()
                .Replace(text.Replace('_', ' '), x => ((char)Convert.ToByte(x.Value[1..], 16)).ToString()));
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count) ? bytes[..count] : null;
    }

    const string One = @"=\?(?<charset>[A-Za-z0-9_-]+)(\*[A-Za-z0-9-]+)?\?(?<encoding>[bBqQ])\?(?<text>[^?\s]*)\?=";

    [GeneratedRegex(One)]
    private static partial Regex Word();

    [GeneratedRegex($@"{One}(\s+{One})*")]
    private static partial Regex Run();

    [GeneratedRegex("=[0-9A-Fa-f]{2}")]
    private static partial Regex Hexadecimal();
}
