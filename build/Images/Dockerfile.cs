using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Images;

/// <summary>
/// What a Dockerfile takes from elsewhere: its stages, and every name that <c>FROM</c>, <c>--from=</c> and <c>from=</c>
/// mention.
/// </summary>
/// <param name="File">The file.</param>
/// <param name="Stages">
/// Names of its stages, those that <c>FROM scratch</c> leaves empty for a named context among them.
/// </param>
/// <param name="References">Names with the line that mentions them first; <c>scratch</c> is none.</param>
public sealed partial record Dockerfile(
    AbsolutePath File,
    IReadOnlySet<string> Stages,
    IReadOnlyDictionary<string, int> References)
{
    /// <summary>Images that come from outside unless a named context replaces them: <c>ubuntu:noble</c>.</summary>
    public IReadOnlyList<string> ExternalImages =>
        [.. References.Keys.Where(x => !Stages.Contains(x) && (x.Contains(':') || x.Contains('/')))];

    public string Text => System.IO.File.ReadAllText(File);

    /// <summary>With another one before it in the same text, whose stages it then has, too.</summary>
    public Dockerfile After(Dockerfile earlier) => this with { Stages = Stages.Union(earlier.Stages).ToHashSet() };

    public static Dockerfile Read(AbsolutePath file) => Of(file, System.IO.File.ReadAllText(file));

    /// <param name="file">What problems are told to be in.</param>
    public static Dockerfile Of(AbsolutePath file, string text)
    {
        var stages = new HashSet<string>(StringComparer.Ordinal);
        var references = new Dictionary<string, int>(StringComparer.Ordinal);
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].TrimStart().StartsWith('#')) continue;
            if (FromLine().Match(lines[i]) is { Success: true } from)
            {
                if (from.Groups["image"].Value is not "scratch" and var image) references.TryAdd(image, i + 1);
                if (from.Groups["stage"].Success) stages.Add(from.Groups["stage"].Value);
            }
            else
            {
                foreach (Match match in FromOption().Matches(lines[i]))
                    references.TryAdd(match.Groups["name"].Value, i + 1);
            }
        }

        return new Dockerfile(file, stages, references);
    }

    /// <summary>
    /// Says what BuildKit would say late and cryptically, or not at all: names without a context (it would ask Docker
    /// Hub for them), directories that are not there, files in them that the build needs.
    /// </summary>
    /// <param name="contexts">The named contexts that the build will pass.</param>
    /// <param name="needed">Files that must be in a context, by context.</param>
    public IReadOnlyList<Problem> CheckContexts(IReadOnlyDictionary<string, string> contexts,
        IReadOnlyDictionary<string, string[]>? needed = null)
    {
        var problems = new List<Problem>();
        foreach (var (name, line) in References)
        {
            if (contexts.ContainsKey(name) || Stages.Contains(name) || ExternalImages.Contains(name)) continue;
            problems.Add(new Problem($"Nothing is passed for the named context '{name}'", File, line,
                Expected: $"one of {string.Join(", ", contexts.Keys)}",
                Remedy: Suggest.DidYouMean(name, contexts.Keys.Concat(Stages))));
        }

        foreach (var (name, value) in contexts.Where(x => !x.Value.Contains("://", StringComparison.Ordinal)
            && !x.Value.StartsWith("target:", StringComparison.Ordinal)))
        {
            if (!Directory.Exists(value))
            {
                problems.Add(new Problem($"The directory for the named context '{name}' is not there: {value}", File));
                continue;
            }

            foreach (var file in needed?.GetValueOrDefault(name) ?? [])
            {
                if (!Path.Exists(Path.Combine(value, file)))
                    problems.Add(new Problem($"The named context '{name}' lacks {file}: {value}", File));
            }
        }

        return problems;
    }

    [GeneratedRegex(@"^\s*FROM\s+(?:--platform=\S+\s+)?(?<image>\S+)(?:\s+AS\s+(?<stage>\S+))?\s*$",
        RegexOptions.IgnoreCase)]
    private static partial Regex FromLine();

    [GeneratedRegex(@"(?:--from=|[,=]from=)(?<name>[^\s,]+)")]
    private static partial Regex FromOption();
}
