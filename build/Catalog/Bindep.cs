using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary>
/// The file format of bindep: one Debian package per line, a selector in brackets, comments. Version comparisons are
/// refused: the archive that an image is built from has one version of a package.
/// </summary>
[DescribedFile("System packages of all images, in the format of bindep; a profile is an image",
    Place = "images/bindep.txt")]
public static class Bindep
{
    /// <summary>
    /// All lines of a bindep file. Every mistake is added to <paramref name="problems"/>, and its line is left out.
    /// </summary>
    /// <param name="profiles">The profiles that there are beside those of platforms; any where it is not given.</param>
    public static IReadOnlyList<BindepLine> Parse(string text, string file, List<Problem> problems,
        IReadOnlyCollection<string>? profiles = null)
    {
        var lines = new List<BindepLine>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var parts = line.Split('#', 2);
            var content = parts[0].TrimEnd();
            if (content.Length == 0 || ParseLine(content, file, number, 1, problems, profiles) is not { } parsed)
                continue;
            if (parsed.Selectors.Count == 0 && parts.Length > 1 && SelectorIn(parts[1], profiles) is { } unread)
            {
                problems.Add(new Problem(
                    $"the selector {unread} stands in the comment, so '{parsed.Package}' is for every image", file,
                    number, line.IndexOf(unread, StringComparison.Ordinal) + 1,
                    $"{parsed.Package} {unread} # …", "Write it before the comment"));
            }
            else lines.Add(parsed);
        }

        return lines;
    }

    /// <summary>One line without a comment; null when <paramref name="problems"/> says why.</summary>
    /// <param name="column">Column in which the text begins, from 1.</param>
    /// <param name="profiles">The profiles that there are beside those of platforms; any where it is not given.</param>
    public static BindepLine? ParseLine(string text, string file, int line, int column, List<Problem> problems,
        IReadOnlyCollection<string>? profiles = null)
    {
        var end = text.IndexOfAny([' ', '\t', '[']);
        var package = end < 0 ? text : text[..end];
        var rest = end < 0 ? "" : text[end..].TrimStart();
        IReadOnlyList<BindepSelector> selectors = [];
        var problem = Names.AptPackage.Check(package, remedy: VersionRemedy(text)) ?? rest switch
        {
            "" => null,
            ['[', ..] when text[end] == '[' =>
                new Problem($"there is no blank between the package and {rest}", Expected: $"{package} {rest}"),
            [not '[', ..] => new Problem($"'{rest}' follows the package",
                Expected: "a selector in brackets as in [platform:ubuntu]", Remedy: VersionRemedy(rest)),
            [.., not ']'] => new Problem($"the selector '{rest}' does not end with ]"),
            _ => ParseSelectors(rest[1..^1], out selectors) ?? CheckProfiles(selectors, profiles),
        };
        if (problem is null) return new BindepLine(package, selectors);
        problems.Add(problem with { File = file, Line = line, Column = column });
        return null;
    }

    /// <summary>Packages of the lines that apply, in order, each once.</summary>
    public static IReadOnlyList<string> Select(IEnumerable<BindepLine> lines, BindepPlatform platform) =>
        [.. lines.Where(x => x.AppliesTo(platform.Active)).Select(x => x.Package).Distinct(StringComparer.Ordinal)];

    static Problem? ParseSelectors(string text, out IReadOnlyList<BindepSelector> selectors)
    {
        var found = new List<BindepSelector>();
        selectors = found;
        List<BindepTerm>? group = null;
        foreach (var token in text.Replace("(", " ( ").Replace(")", " ) ").Replace("!", " !")
            .Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            switch (token)
            {
                case "(" when group is null:
                    group = [];
                    break;
                case ")" when group is { Count: > 0 }:
                    found.Add(new BindepSelector(group, IsGroup: true));
                    group = null;
                    break;
                case "(" or ")":
                    return new Problem($"the parentheses in '[{text}]' do not match",
                        Expected: "groups as in (cinder lvm), not nested, not empty");
                default:
                    var term = token[0] == '!'
                        ? new BindepTerm(token[1..], IsNegated: true)
                        : new BindepTerm(token, IsNegated: false);
                    if (!IsProfile(term.Profile))
                        return new Problem($"'{token}' is not a profile",
                            Expected: "lower-case letters, digits and : - . with or without ! before them");
                    if (group is null) found.Add(new BindepSelector([term], IsGroup: false));
                    else group.Add(term);
                    break;
            }
        }

        return group is null ? null : new Problem($"the parentheses in '[{text}]' do not match");
    }

    /// <summary>
    /// What looks like a selector in a comment; one that names nothing that there is may be anything.
    /// </summary>
    static string? SelectorIn(string comment, IReadOnlyCollection<string>? profiles)
    {
        var start = comment.IndexOf('[', StringComparison.Ordinal);
        var end = comment.IndexOf(']', start + 1);
        return start >= 0 && end > start && comment[(start + 1)..end].Any(char.IsAsciiLetter)
            && ParseSelectors(comment[(start + 1)..end], out var selectors) is null
                && CheckProfiles(selectors, profiles) is null ? comment[start..(end + 1)] : null;
    }

    /// <summary>A profile that nobody asks for would silently leave the package out.</summary>
    static Problem? CheckProfiles(IReadOnlyList<BindepSelector> selectors, IReadOnlyCollection<string>? profiles) =>
        profiles is null ? null : selectors
            .SelectMany(x => x.Terms)
            .Select(x => x.Profile)
            .Select(x => BindepPlatform.Check(x) ?? CheckProfile(x, profiles))
            .FirstOrDefault(x => x is not null);

    static Problem? CheckProfile(string profile, IReadOnlyCollection<string> profiles) => new[] { profile }
        .Where(x => !x.StartsWith(BindepPlatform.Prefix, StringComparison.Ordinal) && !profiles.Contains(x))
        .Select(x => new Problem($"there is no profile '{x}'",
            Expected: profiles.Count == 0 ? "platform:… only" : "platform:… or one of " + string.Join(", ", profiles),
            Remedy: Suggest.DidYouMean(x, profiles)))
        .FirstOrDefault();

    static bool IsProfile(string text) =>
        text.Length > 0
        && text != "platform:"
        && text.All(x => char.IsAsciiLetterLower(x) || char.IsAsciiDigit(x) || x is ':' or '-' or '.' or '_');

    static string? VersionRemedy(string text) =>
        text.IndexOfAny(['<', '>', '=']) >= 0
            ? "Leave the version out: the archive has one version of a package"
            : null;
}
