namespace OpenStack.Tests.Compat;

/// <summary>What came of a sample build.</summary>
public sealed record SampleResult(int ExitCode, string Output)
{
    const char NoBreakSpace = '\u00a0';

    /// <summary>With plain spaces, without the zero-width ones of empty lines, and none at the end.</summary>
    public string[] Lines { get; } = Output.ReplaceLineEndings("\n").Split('\n')
        .Select(x => x.Replace(NoBreakSpace, ' ').Replace("\u200b", "").TrimEnd())
        .ToArray();

    /// <summary>The rows of the summary with single spaces and without durations.</summary>
    public string[] Summary
    {
        get
        {
            var rules = Lines.Select((x, i) => (x, i)).Where(x => x.x.StartsWith('─')).Select(x => x.i).ToArray();
            return rules.Length < 2 ? [] : Lines[(rules[^2] + 1)..rules[^1]].Select(Row).ToArray();
        }
    }

    /// <summary>The text of log lines of a level, without their time.</summary>
    public string[] Log(string level) =>
        Lines.Where(x => x.IndexOf($" [{level}] ", StringComparison.Ordinal) == 8).Select(x => x[15..]).ToArray();

    /// <summary>What the sample of parameters printed.</summary>
    public string? Value(string parameter) =>
        Lines.FirstOrDefault(x => x.StartsWith($"={parameter}=", StringComparison.Ordinal))?[(parameter.Length + 2)..];

    /// <summary>The lines from the first equal to this one, as many as wanted.</summary>
    public string[] From(string line, int count) => Lines.SkipWhile(x => x != line).Take(count).ToArray();

    static string Row(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var comment = line.IndexOf("   // ", StringComparison.Ordinal);
        return string.Join(' ', words.Take(2)) + (comment < 0 ? "" : " " + line[(comment + 3)..]);
    }
}
