using System.Text.RegularExpressions;

namespace OpenStack.Sbom;

/// <summary>
/// Reads licence expressions: those of SPDX (annex D; <c>A AND (B OR C WITH exception)</c>) and those of Debian
/// (copyright-format 1.0, "License specification": <c>A+ or B with some exception, and C</c>, in which a comma binds
/// least).
/// </summary>
sealed partial class LicenseExpression
{
    const int LongestText = 2000;
    const int DeepestNesting = 16;

    readonly List<string> _words;
    readonly bool _isDebian;
    int _at, _depth;

    LicenseExpression(string text, bool isDebian) =>
        (_words, _isDebian) = ([.. Words().Matches(text).Select(x => x.Value)], isDebian);

    /// <summary>
    /// The licences, all of which hold, with the ids of SPDX where their names are known. A text that is no expression
    /// is a name.
    /// </summary>
    public static IReadOnlyList<LicenseText> Parse(string text, bool isDebian)
    {
        var parser = new LicenseExpression(text.Length <= LongestText ? text : "", isDebian);
        return parser.ReadList() is { } licenses && parser._at == parser._words.Count
            ? licenses
            : [new LicenseText(Blanks().Replace(text, " ").Trim(), false)];
    }

    /// <summary>Each of these reads conjuncts; null where there is no expression.</summary>
    List<LicenseText>? ReadList()
    {
        var result = ReadOr();
        while (result is not null && Peek() == ",")
        {
            _at++;
            result = Take("or") ? Or(result, ReadOr()) : Take("and") ? And(result, ReadOr()) : null;
        }

        return result;
    }

    List<LicenseText>? ReadOr()
    {
        var result = ReadAnd();
        while (result is not null && Take("or")) result = Or(result, ReadAnd());
        return result;
    }

    List<LicenseText>? ReadAnd()
    {
        var result = ReadTerm();
        while (result is not null && Take("and")) result = And(result, ReadTerm());
        return result;
    }

    List<LicenseText>? ReadTerm()
    {
        if (Peek() == "(")
        {
            if (++_depth > DeepestNesting) return null;
            _at++;
            var inner = ReadList();
            _depth--;
            if (inner is null || Peek() != ")") return null;
            _at++;
            return inner;
        }

        if (Peek() is not { } name || name is ")" or "," || IsOperator(name)) return null;
        _at++;
        var id = (_isDebian ? null : LicenseText.ReferenceIn(name)) ?? SpdxLicenses.IdOf(name, _isDebian);
        if (!Take("with")) return [new LicenseText(id ?? name, id is not null)];
        var exception = ReadException();
        if (exception.Length == 0) return null;
        // One without the other says too little.
        return [id is not null && SpdxLicenses.ExceptionOf(exception) is { } exceptionId
            ? new LicenseText($"{id} WITH {exceptionId}", true)
            : new LicenseText($"{name} with {exception}", false)];
    }

    string ReadException()
    {
        var start = _at;
        while (Peek() is { } word && word is not ("," or "(" or ")") && !IsOperator(word)) _at++;
        return string.Join(' ', _words.Skip(start).Take(_at - start));
    }

    static List<LicenseText>? And(List<LicenseText> left, List<LicenseText>? right) =>
        right is null ? null : [.. left.Union(right)];

    static List<LicenseText>? Or(List<LicenseText> left, List<LicenseText>? right) =>
        right is null ? null : [new LicenseText(string.Join(" OR ", Choices(left).Union(Choices(right))), true)];

    static string[] Choices(List<LicenseText> conjuncts) => conjuncts is [var one]
        ? one.Operand.Contains(" AND ", StringComparison.Ordinal) ? [one.Operand] : one.Operand.Split(" OR ")
        : [$"({Conjunction(conjuncts)})"];

    /// <summary>Several licences, all of which hold, as one expression.</summary>
    public static string Conjunction(IReadOnlyList<LicenseText> licenses) => licenses is [var one]
        ? one.Operand
        : string.Join(" AND ",
            licenses.Select(x => x.Operand.Contains(" OR ", StringComparison.Ordinal) ? $"({x.Operand})" : x.Operand));

    string? Peek() => _at < _words.Count ? _words[_at] : null;

    /// <summary>Takes the next word if it is this one.</summary>
    bool Take(string @operator)
    {
        if (!string.Equals(Peek(), @operator, StringComparison.OrdinalIgnoreCase)) return false;
        _at++;
        return true;
    }

    static bool IsOperator(string word) => word.ToLowerInvariant() is "and" or "or" or "with";

    [GeneratedRegex(@"[(),]|[^\s(),]+")]
    private static partial Regex Words();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
