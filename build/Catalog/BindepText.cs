using System.Text.RegularExpressions;

namespace OpenStack.Catalog;

/// <summary>The text of a bindep file, edited line by line.</summary>
static class BindepText
{
    /// <summary>
    /// The text without a profile. A package that no other profile asks for goes, and so does a comment that has nothing left
    /// below it; everything else stays as it is.
    /// </summary>
    public static string WithoutProfile(string text, string profile)
    {
        var name = Regex.Escape(profile);
        var selector = new Regex($@"(?<=[\[\s])(?:!?{name}|\((?:[^()]*\s)?!?{name}(?:\s[^()]*)?\))(?:\s|(?=\]))(?=[^\[]*\])");
        var paragraphs = text.Split("\n\n").Select(paragraph =>
        {
            var lines = paragraph.Split('\n');
            var kept = lines.Select(x => Without(x, selector)).OfType<string>().ToList();
            return kept.Count < lines.Length && kept.All(x => x.Length == 0 || x.StartsWith('#')) ? null : string.Join('\n', kept);
        }).OfType<string>();
        return string.Join("\n\n", paragraphs).TrimEnd('\n') + "\n";
    }

    static string? Without(string line, Regex selector)
    {
        if (line.StartsWith('#') || !selector.IsMatch(line)) return line;
        var rest = selector.Replace(line, "").Replace(" ]", "]", StringComparison.Ordinal);
        var profiles = Bindep.Parse(rest, "", [])[0].Selectors.Where(x => !x.IsPlatform && !x.IsNegated);
        return profiles.Any() ? rest : null;
    }
}
