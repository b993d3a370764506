using System.Text;

namespace OpenStack.Sources;

/// <summary>Paths as patches write them, and as they are: bytes, one a character.</summary>
static class PatchPath
{
    /// <summary>
    /// The path of a <c>---</c>, <c>+++</c> or <c>rename</c> line: git quotes it as C does, diff adds a tab and a time.
    /// </summary>
    /// <param name="text">Bytes of the patch, one a character.</param>
    public static string Read(string text) =>
        text.StartsWith('"') ? Unquote(text, out _) : text.Split('\t')[0].TrimEnd('\r');

    /// <summary>
    /// Both paths of a <c>diff --git</c> line. Unquoted ones may have blanks in them; they are equal but for their
    /// prefixes then.
    /// </summary>
    public static (string Old, string New)? ReadBoth(string text)
    {
        if (text.StartsWith('"'))
        {
            var old = Unquote(text, out var end);
            return end + 1 < text.Length ? (old, Read(text[(end + 1)..])) : null;
        }

        text = text.TrimEnd('\r');
        if (text.EndsWith('"') && text.IndexOf(" \"", StringComparison.Ordinal) is > 0 and var quote)
            return (Read(text[..quote]), Read(text[(quote + 1)..]));
        for (var blank = text.IndexOf(' '); blank >= 0; blank = text.IndexOf(' ', blank + 1))
        {
            var (old, @new) = (text[..blank], text[(blank + 1)..]);
            if (old == @new || (old.Contains('/') && @new.Contains('/') && WithoutPrefix(old) == WithoutPrefix(@new)))
                return (Read(old), Read(@new));
        }

        // Of a rename; lines below it name the files.
        return text.IndexOf(" b/", StringComparison.Ordinal) is > 0 and var second
            ? (Read(text[..second]), Read(text[(second + 1)..]))
            : null;
    }

    public static string WithoutPrefix(string path) => path[(path.IndexOf('/') + 1)..];

    /// <summary>
    /// Whether two paths, of which one may be missing, begin with a directory that stands for before and after.
    /// <c>git apply</c> takes the first directory away whatever it is: a patch without prefixes would change, or make,
    /// other files.
    /// </summary>
    public static bool HavePrefix(string? old, string? @new)
    {
        var first = new[] { old, @new }
            .OfType<string>()
            .Select(x => x.IndexOf('/') is > 0 and var end ? x[..end] : "")
            .ToList();
        // a/ and b/, or git's mnemonic ones; other names differ, as in x.orig/ and x/.
        return first.TrueForAll(x => x.Length > 0)
            && (first.TrueForAll(x => x.Length == 1) || first.Distinct().Count() == 2);
    }

    /// <summary>Whether a path is one of a file in the tree, by its text alone; git refuses others.</summary>
    public static bool IsInTree(string path) =>
        !path.StartsWith('/')
        && !path.Split('/').Any(x => x is ".." || x.Equals(".git", StringComparison.OrdinalIgnoreCase));

    /// <param name="end">Index after the closing quote.</param>
    static string Unquote(string text, out int end)
    {
        var bytes = new StringBuilder();
        for (end = 1; end < text.Length && text[end] != '"'; end++)
        {
            if (text[end] != '\\' || end + 1 == text.Length)
            {
                bytes.Append(text[end]);
                continue;
            }

            var escaped = text[++end];
            if (escaped is >= '0' and <= '3'
                && end + 2 < text.Length
                && text[end + 1] is >= '0' and <= '7'
                && text[end + 2] is >= '0' and <= '7')
            {
                bytes.Append((char)(((escaped - '0') << 6) | ((text[end + 1] - '0') << 3) | (text[end + 2] - '0')));
                end += 2;
            }
            else bytes.Append("abtnvfr".IndexOf(escaped) is >= 0 and var control ? (char)(control + 7) : escaped);
        }

        end++;
        return bytes.ToString();
    }
}
