using System.Text.RegularExpressions;

namespace OpenStack.Images;

/// <summary>
/// Reads BuildKit's plain progress and passes on what a person wants to see while it runs: each step that took time when it ends,
/// and the output of the step that failed.
/// </summary>
/// <param name="report">Gets the lines.</param>
public sealed partial class BuildProgress(Action<string> report)
{
    const int TailLength = 15;

    readonly Dictionary<string, string> _names = [];
    readonly Dictionary<string, Queue<string>> _tails = [];

    /// <summary>The step that failed with the end of its output; null as long as none has.</summary>
    public string? Failure { get; private set; }

    /// <summary>One line of <c>--progress plain</c>: <c>#7 [keystone build 2/3] RUN …</c>, <c>#7 DONE 3.2s</c>, <c>#7 ERROR: …</c>.</summary>
    public void Read(string line)
    {
        if (StepLine().Match(line) is not { Success: true } match) return;
        var (step, text) = (match.Groups["step"].Value, match.Groups["text"].Value);
        if (!_names.TryGetValue(step, out var name))
        {
            _names[step] = Shorten(text);
            return;
        }

        if (DoneLine().Match(text) is { Success: true } done)
        {
            if (name.StartsWith('[') && !IsInternal(name) && done.Groups["seconds"].Value != "0.0") report($"{name}  {done.Groups["seconds"].Value} s");
            else if (name.StartsWith("exporting", StringComparison.Ordinal)) report($"{name}  {done.Groups["seconds"].Value} s");
        }
        else if (text.StartsWith("ERROR", StringComparison.Ordinal))
        {
            var tail = _tails.TryGetValue(step, out var lines) ? string.Concat(lines.Select(x => "\n    " + x)) : "";
            Failure ??= $"{name}: {text["ERROR".Length..].TrimStart(':', ' ')}{tail}";
        }
        // BuildKit repeats the name of a step when it comes back to it after another's output.
        else if (text != "..." && Shorten(text) != name)
        {
            if (!_tails.TryGetValue(step, out var lines)) _tails[step] = lines = new Queue<string>();
            lines.Enqueue(OutputTime().Replace(text, ""));
            if (lines.Count > TailLength) lines.Dequeue();
        }
    }

    static bool IsInternal(string name) => name.Contains(" internal]", StringComparison.Ordinal) || name.StartsWith("[internal]", StringComparison.Ordinal);

    /// <summary>The step without the mounts of its RUN instruction, which would leave no room for what it runs.</summary>
    static string Shorten(string text)
    {
        var plain = Blanks().Replace(Mount().Replace(text, ""), " ");
        return plain.Length <= 110 ? plain : plain[..107] + "...";
    }

    [GeneratedRegex(@"--(?:mount|network|security)=\S+ ")]
    private static partial Regex Mount();

    [GeneratedRegex(@" {2,}")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^#(?<step>\d+) (?<text>.+)$")]
    private static partial Regex StepLine();

    [GeneratedRegex(@"^DONE (?<seconds>[\d.]+)s$")]
    private static partial Regex DoneLine();

    [GeneratedRegex(@"^\d+\.\d+ ")]
    private static partial Regex OutputTime();
}
