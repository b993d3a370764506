using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace OpenStack.Report;

/// <summary>A style or a script beside this code, which is part of the assembly.</summary>
sealed partial class PageAsset
{
    /// <param name="names">Files, one after the other.</param>
    PageAsset(params IReadOnlyList<string> names)
    {
        // Without indentation and comments, of which each is a line: each page has it.
        Text = string.Join('\n', names.SelectMany(LinesOf).Select(x => x.Trim())
            .Where(x => x.Length > 0 && !x.StartsWith("//", StringComparison.Ordinal)
                && !x.StartsWith("/*", StringComparison.Ordinal)));
        // What blanks there are in a style between its signs, nobody misses.
        if (names[0].EndsWith(".css", StringComparison.Ordinal)) Text = BlanksAroundSigns().Replace(Text, "$1");
        Source = $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Text)))}'";
    }

    public static PageAsset IndexStyle { get; } = new("page.css", "index.css");

    public static PageAsset ImageStyle { get; } = new("page.css", "image.css");

    public static PageAsset IndexScript { get; } = new("index.js");

    public static PageAsset ImageScript { get; } = new("image.js");

    static IEnumerable<string> LinesOf(string name)
    {
        using var reader = new StreamReader(
            typeof(PageAsset).Assembly.GetManifestResourceStream($"Report.data.{name}")!);
        return reader.ReadToEnd().Split('\n');
    }

    [GeneratedRegex(@"\s*([{};,])\s*")]
    private static partial Regex BlanksAroundSigns();

    public string Text { get; }

    /// <summary>By which a Content-Security-Policy allows it: <c>'sha256-…'</c> (CSP 3, "hash-source").</summary>
    public string Source { get; }
}
