using System.Text.RegularExpressions;

namespace OpenStack.Sbom;

/// <summary>
/// Reads copyright files without a format (Debian Policy 12.5). Such a file tells of the whole and of parts in words
/// that only a person understands; what can be said for certain is which licences stand in it, and where. The one that
/// it begins with is taken for that of the whole where nothing before says that it is of a part, or grants something in
/// words that are not known here; where another copyright notice separates it from the next licence; and where no
/// exception is added to it. The others are mentioned, not claimed.
/// </summary>
static partial class FreeFormCopyright
{
    /// <summary>
    /// A licence within so many characters is that of the grant before it: "you can redistribute it under …".
    /// </summary>
    const int LongestGrant = 200;

    /// <summary>How far from its licence a reference to its text may be.</summary>
    const int FarthestReference = 900;

    /// <summary>How long a heading is of the licence below it.</summary>
    const int LongestHeading = 600;

    const string FreeText = "its copyright file is free text";

    static readonly IReadOnlyList<(string Id, Regex Text)> s_texts = [.. SbomData.Lines("license-texts.txt")
        .Select(x => x.Split(" = ", 2)).Select(x => (x[0], new Regex(x[1], RegexOptions.CultureInvariant)))];

    /// <param name="text">With lines that end in a line feed alone.</param>
    public static StatedLicenses Read(string text)
    {
        var plain = Normalize(text);
        var known = Known(plain);
        var mentioned = known.Select(x => x.License).Distinct().ToList();
        if (DoubtIn(plain, known) is { } doubt) return new StatedLicenses([], mentioned, $"{FreeText} {doubt}");
        if (known.All(x => x.IsReference)) return new StatedLicenses(References(text), mentioned);
        var note = mentioned.Count == 1 ? null : $"{FreeText} that names further licences, of parts of it";
        return new StatedLicenses([known[0].License], mentioned, note);
    }

    /// <summary>Why it is not certain what holds of the whole; null where it is.</summary>
    static string? DoubtIn(string plain, List<Statement> known)
    {
        if (known.Count == 0) return "without a licence that is known";
        var first = known[0];
        var unknown = Grant().Matches(plain).Select(x => x.Index)
            .FirstOrDefault(x => !known.Any(y => y.At >= x - 1 && y.At <= x + LongestGrant), int.MaxValue);
        if (unknown < first.At) return "that begins with a licence that is not known";
        if (IsOfAPart(plain, first.At)) return "that begins with the licence of a part";
        if (known.All(x => x.IsReference)) return null;
        if (IsGnu(first.License) && Exception().IsMatch(plain)) return "that names an exception";
        var next = known.FirstOrDefault(x => x.License != first.License);
        return next is not null && !HasNotice(plain, first.End, next.At) ? "that names several licences at once" : null;
    }

    /// <summary>
    /// What a text that says nothing else refers to. Which versions of GNU's hold, only the text knows; then the name
    /// is kept.
    /// </summary>
    static List<LicenseText> References(string text)
    {
        var names = Reference().Matches(text).Select(x => x.Groups["name"].Value.TrimEnd('.'))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var gnu = names.Where(x => GnuName().IsMatch(x)).ToList();
        var orLater = gnu.Count == 1 && OrLater().IsMatch(text);
        return [.. names.SelectMany(x => orLater && gnu.Contains(x)
            ? LicenseExpression.Parse($"{x}+", isDebian: true) : Referred(x))];
    }

    /// <summary>
    /// In lower case, with one blank for several, <c>¶</c> for empty lines, without what marks comments, and with
    /// divided words joined.
    /// </summary>
    static string Normalize(string text)
    {
        var quoted = text.Replace('`', '\'').Replace('“', '"').Replace('”', '"')
            .Replace("''", "\"", StringComparison.Ordinal);
        var joined = DividedWord().Replace(CommentMark().Replace(quoted, ""), "$1");
        return Blanks().Replace(EmptyLine().Replace(joined, " ¶ "), " ").ToLowerInvariant();
    }

    /// <summary>The licences in their order. One whose text is also referred to counts once.</summary>
    static List<Statement> Known(string plain)
    {
        var texts = s_texts
            .SelectMany(x => x.Text.Matches(plain), (x, match) => Of(match, new LicenseText(x.Id, true)))
            .DistinctBy(x => x.At);
        var gnu = Gnu().Matches(plain).Concat(GnuInShort().Matches(plain))
            .Select(x => (Match: x, License: GnuLicense(x))).Where(x => x.License is not null)
            .Select(x => Of(x.Match, x.License!)).ToList();
        var references = Reference().Matches(plain)
            .Where(x => !gnu.Any(y => y.At <= x.Index && x.Index - y.At < FarthestReference))
            .SelectMany(x => Referred(x.Groups["name"].Value.TrimEnd('.')), (x, y) => Of(x, y, isReference: true));
        return [.. texts.Concat(gnu).Concat(references).OrderBy(x => x.At)];
    }

    static Statement Of(Match match, LicenseText license, bool isReference = false) =>
        new(match.Index, match.Index + match.Length, license, isReference);

    static IReadOnlyList<LicenseText> Referred(string name) =>
        name is "BSD" or "bsd" ? [new LicenseText("BSD-3-Clause", true)]
        : GnuName().IsMatch(name) ? [new LicenseText(name.ToUpperInvariant(), false)]
        : LicenseExpression.Parse(name, isDebian: true);

    static LicenseText? GnuLicense(Match match)
    {
        var kind = match.Groups["kind"].Value is { Length: > 0 } word ? word[0] is 'a' ? "A" : "L" : "";
        var name = $"{kind}GPL-{match.Groups["version"].Value}{(match.Groups["later"].Success ? "+" : "")}";
        return LicenseExpression.Parse(name, isDebian: true) is [{ IsSpdx: true } one] ? one : null;
    }

    static bool IsGnu(LicenseText license) => license.Text.Contains("GPL", StringComparison.Ordinal);

    static bool HasNotice(string plain, int from, int to) => from < to && Notice().IsMatch(plain[from..to]);

    static bool IsOfAPart(string plain, int at) => Part().IsMatch(plain[Math.Max(0, at - LongestHeading)..at]);

    /// <summary>A licence, and where it stands.</summary>
    sealed record Statement(int At, int End, LicenseText License, bool IsReference);

    [GeneratedRegex(@"^[ \t]*(?:/\*+|\*+/|\*(?=\s|$)|#+(?=\s)|//+|;+(?=\s)|\|)[ \t]?", RegexOptions.Multiline)]
    private static partial Regex CommentMark();

    [GeneratedRegex(@"(?<=[a-z])-\n[ \t*#]*([a-z])")]
    private static partial Regex DividedWord();

    [GeneratedRegex(@"\n[ \t]*(?:\n[ \t]*)+")]
    private static partial Regex EmptyLine();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    /// <summary>"The text of the … can be found in" grants nothing.</summary>
    [GeneratedRegex(
        @"(?<!text of the )gnu (?<kind>affero |lesser |library |library or lesser )?(?:general )?public licen[cs]e" +
        @"(?: \(""?[al]?gpl""?\))?,?(?: as published by the free software foundation)?[;,:]?(?: either)? ?" +
        @"\(?v(?:ersion )?(?<version>\d(?:\.\d)?)(?<later>[^¶.]{0,60}?any later version)?")]
    private static partial Regex Gnu();

    [GeneratedRegex(@"\b(?<kind>[al])?gpl ?-?v?(?<version>\d(?:\.\d)?)(?<later>\+)")]
    private static partial Regex GnuInShort();

    [GeneratedRegex("^(a|l)?gpl|^gfdl", RegexOptions.IgnoreCase)]
    private static partial Regex GnuName();

    [GeneratedRegex(
        @"permission (?:is|to) |redistribution and use|redistribution is |(?<!not )licen[cs]ed under|" +
        @"(?:in|into) the public domain|you (?:may|can) (?:freely )?(?:use|copy|redistribute|distribute|do)\b|" +
        @"may be (?:freely )?(?:used|copied|distributed|redistributed)")]
    private static partial Regex Grant();

    [GeneratedRegex(@"copyright \(c\)|copyright ©|copyright \d{4}|\(c\) ?\d{4}|© ?\d{4}|¶ -{10,} ¶|={10,}")]
    private static partial Regex Notice();

    [GeneratedRegex(
        @"(?<!overall )\blicen[cs]es?(?: terms)? (?:of|for) |\bthe (?:following )?files?\b|" +
        @"\bfiles? (?:in|from|under) |\bportions? of\b|^\S+/\S*:|\bparts? of\b")]
    private static partial Regex Part();

    /// <summary>Policy 12.5: a text that many packages have is referred to.</summary>
    [GeneratedRegex(@"/usr/share/common-licenses/(?<name>[A-Za-z0-9][A-Za-z0-9.-]*)", RegexOptions.IgnoreCase)]
    private static partial Regex Reference();

    [GeneratedRegex(@"any\s+later\s+version")]
    private static partial Regex OrLater();

    [GeneratedRegex(
        @"\b(?:special|linking|runtime library|additional) (?:exception|permission)|\bexception to the gpl\b")]
    private static partial Regex Exception();
}
