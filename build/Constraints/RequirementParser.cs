using System.Globalization;
using OpenStack.Diagnostics;

namespace OpenStack.Constraints;

/// <summary>Reads the grammar of PEP 508 from the left, and stops at the first mistake.</summary>
sealed class RequirementParser(string text)
{
    int _at;

    /// <summary>Why there is no requirement.</summary>
    public Problem? Problem { get; private set; }

    public Requirement? Parse()
    {
        SkipBlanks();
        if (TakeName() is not { } name)
            return Fail(_at, $"'{text}' is not a requirement", "the name of a distribution first");
        SkipBlanks();
        if (TakeExtras() is not { } extras) return null;
        SkipBlanks();
        var url = Take('@') ? TakeUrl(name) : null;
        if (Problem is not null || (url is null ? TakeSpecifiers() : []) is not { } specifiers) return null;
        SkipBlanks();
        if (_at == text.Length) return new Requirement(name, extras, specifiers, null, url);
        if (!Take(';')) return Fail(_at, $"'{text[_at..]}' follows the requirement", "a marker behind ';' or the end");
        return Marker.TryParse(text[_at..], out var error, out var offset) is { } marker
            ? new Requirement(name, extras, specifiers, marker, url)
            : Fail(_at + offset, $"'{text[_at..].Trim()}' is not an environment marker: {error}",
                "PEP 508, as in python_version>='3.10'");
    }

    /// <summary>
    /// Letters and digits with <c>. _ -</c> between them. An underscore at the end counts as a letter for
    /// <c>packaging</c>.
    /// </summary>
    string? TakeName()
    {
        var end = _at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '_' or '-')) end++;
        var name = text[_at..end];
        if (name.Length == 0 || !char.IsAsciiLetterOrDigit(name[0]) || name[^1] is '.' or '-') return null;
        _at = end;
        return name;
    }

    /// <summary>What stands in brackets; they may be empty, or not be there.</summary>
    List<string>? TakeExtras()
    {
        var extras = new List<string>();
        var start = _at;
        if (!Take('[')) return extras;
        do
        {
            SkipBlanks();
            if (TakeName() is { } extra) extras.Add(extra);
            else if (extras.Count > 0 || !Take(']')) return NoExtras(start);
            else return extras;
            SkipBlanks();
        }
        while (Take(','));
        return Take(']') ? extras : NoExtras(start);
    }

    List<string>? NoExtras(int start)
    {
        Fail(start, $"'{text[start..]}' are no extras", "[extra,extra]");
        return null;
    }

    /// <summary>A URL ends at white space: <c>;</c> may be a part of it.</summary>
    string? TakeUrl(string name)
    {
        SkipBlanks();
        var end = _at;
        while (end < text.Length && !char.IsWhiteSpace(text[end])) end++;
        var url = text[_at..end];
        if (url.Length == 0) Fail(_at, $"there is no URL of '{name}' behind '@'", "name @ https://…");
        _at = end;
        return url;
    }

    List<VersionSpecifier>? TakeSpecifiers()
    {
        var start = _at;
        if (!Take('(')) return Read(_at, Until(';'));
        var end = Until(')');
        if (end == text.Length)
        {
            Fail(start, $"'{text[start..]}' is not closed", "(specifier,specifier)");
            return null;
        }

        var specifiers = Read(_at, end);
        _at = end + 1;
        return specifiers;
    }

    /// <summary>Comparisons with commas between them; behind the last one there may be one more comma.</summary>
    List<VersionSpecifier>? Read(int start, int end)
    {
        var specifiers = new List<VersionSpecifier>();
        var at = start;
        var parts = text[start..end].Split(',');
        foreach (var (i, part) in parts.Index())
        {
            var written = part.Trim(' ', '\t');
            if (written.Length == 0 && i == parts.Length - 1 && (i == 0 || specifiers.Count > 0)) break;
            var @operator = VersionSpecifier.Operators.FirstOrDefault(x =>
                written.StartsWith(x, StringComparison.Ordinal));
            var specifier = new VersionSpecifier(@operator ?? "", written[(@operator?.Length ?? 0)..].TrimStart());
            var mistake = @operator is null ? $"'{written}' is not a version comparison" : specifier.Mistake;
            if (mistake is not null)
            {
                Fail(at, mistake, "PEP 440, as in ===1.2.3");
                return null;
            }

            specifiers.Add(specifier);
            at += part.Length + 1;
        }

        _at = end;
        return specifiers;
    }

    int Until(char end) => text.IndexOf(end, _at) is var at and >= 0 ? at : text.Length;

    bool Take(char c)
    {
        if (_at >= text.Length || text[_at] != c) return false;
        _at++;
        return true;
    }

    void SkipBlanks()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t') _at++;
    }

    Requirement? Fail(int offset, string found, string expected)
    {
        Problem ??= Unseen() ?? new Problem(found, Column: offset + 1, Expected: expected);
        return null;
    }

    /// <summary>
    /// What nobody sees in a text is what is wrong with it: a message that quotes it would explain nothing.
    /// </summary>
    Problem? Unseen()
    {
        foreach (var (i, c) in text.Index())
        {
            var isUnseen = char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format
                || (char.IsWhiteSpace(c) && !char.IsAscii(c));
            if (!isUnseen || c == '\t') continue;
            var code = ((int)c).ToString("X4", CultureInfo.InvariantCulture);
            return new Problem($"there is a character that nobody sees, U+{code}", Column: i + 1,
                Expected: "a requirement in ASCII", Remedy: "Delete it, or type the line anew");
        }

        return null;
    }
}
