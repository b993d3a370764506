using System.Globalization;
using System.Text;

namespace OpenStack.Constraints;

/// <summary>The inside of a quoted text as Python reads it ("String and Bytes literals").</summary>
static class PythonText
{
    /// <summary>
    /// The text without its escapes; null where Python would not read it. Characters by name (<c>\N{…}</c>) are not
    /// known here.
    /// </summary>
    public static string? Unescape(string quoted)
    {
        var text = new StringBuilder(quoted.Length);
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] is '\n' or '\r' or '\0') return null;
            if (quoted[i] != '\\') text.Append(quoted[i]);
            else if (++i == quoted.Length || !TryEscape(quoted, ref i, text)) return null;
        }

        return text.ToString();
    }

    /// <param name="i">Of the character behind the backslash; then of the last one that belongs to it.</param>
    static bool TryEscape(string quoted, ref int i, StringBuilder text)
    {
        const string Letters = "abfnrtv";
        var c = quoted[i];
        if (c is '\\' or '\'' or '"') text.Append(c);
        else if (Letters.IndexOf(c, StringComparison.Ordinal) is var letter and >= 0)
            text.Append("\a\b\f\n\r\t\v"[letter]);
        else if (c is 'x' or 'u' or 'U')
            return TryHexadecimal(quoted, ref i, c switch { 'x' => 2, 'u' => 4, _ => 8 }, text);
        else if (c is >= '0' and <= '7')
        {
            var digits = new string([.. quoted.Skip(i).Take(3).TakeWhile(x => x is >= '0' and <= '7')]);
            text.Append((char)Convert.ToInt32(digits, 8));
            i += digits.Length - 1;
        }
        else if (c is 'N' or '\n' or '\r') return false;
        else text.Append('\\').Append(c);
        return true;
    }

    static bool TryHexadecimal(string quoted, ref int i, int digits, StringBuilder text)
    {
        if (i + digits >= quoted.Length
            || !int.TryParse(quoted.AsSpan(i + 1, digits), NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture, out var code)
            || !Rune.IsValid(code)) return false;
        text.Append(new Rune(code).ToString());
        i += digits;
        return true;
    }
}
