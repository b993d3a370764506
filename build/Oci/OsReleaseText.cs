using System.Text;

namespace OpenStack.Oci;

/// <summary>
/// The assignments of os-release(5), which are those of a shell without expansions: a value stands in double quotes, in
/// which a backslash takes the meaning from <c>" \ ` $</c>, in single ones, in which nothing has a meaning, or bare,
/// where blanks are taken as they are.
/// </summary>
static class OsReleaseText
{
    /// <summary>
    /// The last of several assignments to one name counts, as in a shell. Lines that assign nothing do not.
    /// </summary>
    public static Dictionary<string, string> Parse(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n').Select(x => x.Trim()))
        {
            if (!line.StartsWith('#') && line.IndexOf('=') is var at and > 0)
                fields[line[..at].TrimEnd()] = ValueOf(line.AsSpan(at + 1).TrimStart());
        }

        return fields;
    }

    static string ValueOf(ReadOnlySpan<char> text)
    {
        var value = new StringBuilder(text.Length);
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var x = text[i];
            if (x == quote) quote = '\0';
            else if (quote == '\0' && x is '"' or '\'') quote = x;
            else value.Append(x == '\\' && i + 1 < text.Length && IsEscaped(text[i + 1], quote) ? text[++i] : x);
        }

        return value.ToString();
    }

    static bool IsEscaped(char x, char quote) => quote == '\0' || (quote == '"' && x is '"' or '\\' or '`' or '$');
}
