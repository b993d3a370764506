using System.Text.RegularExpressions;

namespace OpenStack.Images;

/// <summary>
/// Which target of a graph each line of BuildKit's plain progress is of: buildx puts the names of targets before those
/// of steps, <c>#7 [keystone-2025_1 build 2/3] RUN …</c>, where there are several.
/// </summary>
/// <param name="targets">Those of the graph whose names count.</param>
sealed partial class StepTargets(IReadOnlyCollection<string> targets)
{
    readonly Dictionary<string, string?> _ofSteps = [];

    /// <summary>The target of a line; null where it is of none.</summary>
    public string? Read(string line)
    {
        if (targets.Count == 1) return targets.First();
        if (Step().Match(line) is not { Success: true } match) return null;
        var step = match.Groups["step"].Value;
        // A repetition of the same numbers names its steps anew.
        if (match.Groups["name"] is { Success: true, Value: var name })
            _ofSteps[step] = targets.Contains(name) ? name : null;
        return _ofSteps.GetValueOrDefault(step);
    }

    /// <summary>The target that buildx says has failed, where it names one.</summary>
    /// <param name="error">All that it has written.</param>
    public string? FailedIn(string error) => targets.Count == 1
        ? error.Contains("failed to solve", StringComparison.Ordinal) ? targets.First() : null
        : Failed().Matches(error)
        .Select(x => x.Groups["name"].Value).FirstOrDefault(targets.Contains);

    [GeneratedRegex(@"^#(?<step>\d+) (\[(?<name>[^\s\]]+)[\s\]])?")]
    private static partial Regex Step();

    [GeneratedRegex(@"^(ERROR: )?target (?<name>\S+): ", RegexOptions.Multiline)]
    private static partial Regex Failed();
}
