using System.Globalization;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Tests.EndToEnd;

namespace OpenStack.Tests.House;

/// <summary>What a reader's eye takes in at once.</summary>
public sealed partial class SourceFormTests
{
    /// <summary>A target orchestrates; what it decides is a class below it.</summary>
    const int LinesOfATarget = 15;

    static IEnumerable<AbsolutePath> Sources => RepositoryCopy.Git(RepositoryRoot.Path, "ls-files", "*.cs").Lines
        .Select(x => RepositoryRoot.Path / x).Where(x => File.Exists(x));

    /// <summary>But for literals that cannot be broken: raw and verbatim ones, those of bytes, a word.</summary>
    [Fact]
    public void NoLineIsWiderThanTheEditorIsTold()
    {
        var limit = int.Parse(
            MaximumRegex().Match(File.ReadAllText(RepositoryRoot.Path / ".editorconfig")).Groups[1].Value,
            CultureInfo.InvariantCulture);
        // Stand-ins go when the feed has what they stand in for.
        Assert.Empty(Sources.Where(x => !x.ToString().Contains("/build/compat/", StringComparison.Ordinal))
            .SelectMany(x => WiderThan(limit, x)));
    }

    static IEnumerable<string> WiderThan(int limit, AbsolutePath file)
    {
        var isRaw = false;
        foreach (var (line, number) in File.ReadLines(file).Select((x, i) => (x, i + 1)))
        {
            var isLiteral = isRaw || UnbreakableRegex().IsMatch(line);
            if (line.Split("\"\"\"").Length % 2 == 0) isRaw = !isRaw;
            if (line.Length > limit && !isLiteral) yield return $"{file}:{number}: {line.Length}";
        }
    }

    [Fact]
    public void ATargetIsShort()
    {
        var bodies = Sources.Where(x => x.ToString().Contains("/build/Pipeline/", StringComparison.Ordinal))
            .SelectMany(BodiesOf).ToList();
        Assert.True(bodies.Count > 30);
        Assert.DoesNotContain(bodies, x => x.Lines > LinesOfATarget);
    }

    /// <summary>The lines between the braces of <c>.Executes(() => { … })</c>, which the format check keeps where they
    /// are.</summary>
    static IEnumerable<(string Place, int Lines)> BodiesOf(AbsolutePath file)
    {
        var lines = File.ReadAllLines(file);
        for (var i = 0; i < lines.Length; i++)
        {
            var text = lines[i].TrimStart();
            if (!text.StartsWith(".Executes(", StringComparison.Ordinal)) continue;
            var indent = lines[i][..^text.Length];
            var end = text.EndsWith("=>", StringComparison.Ordinal)
                ? Array.FindIndex(lines, i, x => x.StartsWith(indent + "})", StringComparison.Ordinal)) : i + 2;
            yield return ($"{file}:{i + 1}", end - i - 2);
        }
    }

    [GeneratedRegex(@"^max_line_length = (\d+)$", RegexOptions.Multiline)]
    private static partial Regex MaximumRegex();

    [GeneratedRegex("\"\"\"|@\\$?\"|\"u8|\"[^\" ]{60,}\"")]
    private static partial Regex UnbreakableRegex();
}
