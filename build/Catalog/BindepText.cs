namespace OpenStack.Catalog;

/// <summary>The text of a bindep file, edited line by line.</summary>
static class BindepText
{
    /// <summary>
    /// The text without a profile. What other profiles get stays the same: a package that none of them asks for goes,
    /// and so does a comment that has nothing left below it; everything else stays as it is.
    /// </summary>
    public static string WithoutProfile(string text, string profile)
    {
        var paragraphs = text.Split("\n\n").Select(paragraph =>
        {
            var lines = paragraph.Split('\n');
            var kept = lines.Select(x => Without(x, profile)).OfType<string>().ToList();
            return kept.Count < lines.Length && kept.All(x => x.Length == 0 || x.StartsWith('#'))
                ? null
                : string.Join('\n', kept);
        }).OfType<string>();
        return string.Join("\n\n", paragraphs).TrimEnd('\n') + "\n";
    }

    static string? Without(string line, string profile)
    {
        var (written, comment) = line.IndexOf('#', StringComparison.Ordinal) is var hash and >= 0
            ? (line[..hash], line[hash..]) : (line, "");
        var content = written.TrimEnd();
        if (Bindep.ParseLine(content, "", 0, 0, []) is not { } parsed || !parsed.Selectors.Any(x => x.Names(profile)))
            return line;
        if (parsed.Without(profile) is not { } rest) return null;
        var selectors = rest.Selectors.Count == 0 ? rest.Package
            : content[..content.IndexOf('[', StringComparison.Ordinal)] + $"[{string.Join(' ', rest.Selectors)}]";
        return selectors + (comment.Length == 0 ? "" : written[content.Length..] + comment);
    }
}
