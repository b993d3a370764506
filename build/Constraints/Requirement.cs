using OpenStack.Diagnostics;

namespace OpenStack.Constraints;

/// <summary>A requirement of PEP 508 without a URL: <c>name[extras]specifiers;marker</c>.</summary>
/// <param name="Name">The name as written; compare <see cref="Key"/>.</param>
/// <param name="Marker">Null where it always counts.</param>
public sealed record Requirement(string Name, IReadOnlyList<string> Extras, IReadOnlyList<VersionSpecifier> Specifiers, Marker? Marker)
{
    public PythonName Key { get; } = PythonName.Of(Name);

    /// <summary>Null when <paramref name="problem"/> says why; its column counts from 1 within the text, its file and line are not set.</summary>
    public static Requirement? TryParse(string text, out Problem? problem)
    {
        var end = text.TakeWhile(x => char.IsAsciiLetterOrDigit(x) || x is '.' or '_' or '-').Count();
        var name = text[..end];
        if (!PythonName.IsValid(name)) return Fail(out problem, 0, $"'{text}' is not a requirement", "the name of a distribution first");

        var extras = Array.Empty<string>();
        var at = SkipBlanks(text, end);
        if (at < text.Length && text[at] == '[')
        {
            var close = text.IndexOf(']', at);
            extras = close < 0 ? [] : [.. text[(at + 1)..close].Split(',').Select(x => x.Trim())];
            if (close < 0 || !extras.All(PythonName.IsValid)) return Fail(out problem, at, $"'{text[at..]}' are no extras", "[extra,extra]");
            at = SkipBlanks(text, close + 1);
        }

        if (at < text.Length && text[at] == '@')
            return Fail(out problem, at, $"'{name}' is given as a URL", "a version", "A component that is built from source belongs into source-refs.yaml");

        var semicolon = text.IndexOf(';', at);
        var specifiers = ParseSpecifiers(text[at..(semicolon < 0 ? text.Length : semicolon)], at, out problem);
        if (specifiers is null) return null;

        Marker? marker = null;
        if (semicolon >= 0 && (marker = Marker.TryParse(text[(semicolon + 1)..], out var error, out var offset)) is null)
            return Fail(out problem, semicolon + 1 + offset, $"'{text[(semicolon + 1)..].Trim()}' is not an environment marker: {error}", "PEP 508, as in python_version>='3.10'");
        return new Requirement(name, extras, specifiers, marker);
    }

    static List<VersionSpecifier>? ParseSpecifiers(string text, int at, out Problem? problem)
    {
        problem = null;
        var specifiers = new List<VersionSpecifier>();
        if (string.IsNullOrWhiteSpace(text)) return specifiers;
        foreach (var part in text.Split(','))
        {
            var written = part.Trim();
            var @operator = VersionSpecifier.Operators.FirstOrDefault(x => written.StartsWith(x, StringComparison.Ordinal));
            var specifier = new VersionSpecifier(@operator ?? "", @operator is null ? "" : written[@operator.Length..].Trim());
            if (@operator is null || !specifier.IsValid || specifier.Version.Any(x => char.IsWhiteSpace(x) || char.IsControl(x)))
            {
                problem = new Problem(@operator is null ? $"'{written}' is not a version comparison" : $"'{specifier.Version}' is not a version",
                    Column: at + 1, Expected: "PEP 440, as in ===1.2.3");
                return null;
            }

            specifiers.Add(specifier);
            at += part.Length + 1;
        }

        return specifiers;
    }

    static int SkipBlanks(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        return at;
    }

    static Requirement? Fail(out Problem? problem, int offset, string found, string expected, string? remedy = null)
    {
        problem = new Problem(found, Column: offset + 1, Expected: expected, Remedy: remedy);
        return null;
    }
}
