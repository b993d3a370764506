using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenStack.Diagnostics;

namespace OpenStack.Answers;

/// <summary>What a build would do, and why.</summary>
/// <param name="Steps">Every output that it is asked for, each after what it is made of.</param>
public sealed record BuildExplanation(IReadOnlyList<BuildStep> Steps)
{
    /// <summary>How many of several that are alike are named.</summary>
    const int Named = 3;

    /// <summary>A row for those of a target that are alike; what is reused comes last.</summary>
    public TextTable Table => new(["", "target", "of", "because", "last time"],
    [
        .. Steps.GroupBy(x => (x.State, x.Target, Because: string.Join("; ", x.Because)))
            .OrderBy(x => x.Key.State == StepState.Reused).Select(x => (string[])
            [
                Word(x.Key.State), x.Key.Target, SubjectsOf([.. x.Select(y => y.Subject)]), x.Key.Because,
                Shown(SecondsOf(x)),
            ]),
    ]);

    public string ToJson() => JsonSerializer.Serialize(Steps, ExplainJson.Default.IReadOnlyListBuildStep) + "\n";

    /// <summary><c>2 built, 1 follows, 7 reused; took 3 min 5 s last time</c>.</summary>
    public string Summary
    {
        get
        {
            var seconds = Shown(SecondsOf(Steps.Where(x => x.State is StepState.Built or StepState.Follows)));
            return string.Join(", ", Steps.GroupBy(x => x.State).OrderBy(x => x.Key)
                .Select(x => $"{x.Count()} {Word(x.Key)}")) + (seconds == "-" ? "" : $"; took {seconds} last time");
        }
    }

    /// <summary>Their share of the time that each took with others.</summary>
    static double? SecondsOf(IEnumerable<BuildStep> steps)
    {
        var known = steps.Where(x => x.Seconds is not null).ToList();
        return known.Count == 0 ? null : known.Sum(x => x.Seconds!.Value / x.Together!.Value);
    }

    static string Shown(double? seconds) => seconds switch
    {
        null => "-",
        < 60 => seconds.Value.ToString("0.0' s'", CultureInfo.InvariantCulture),
        _ => $"{(int)seconds / 60} min {(int)seconds % 60} s",
    };

    static string SubjectsOf(IReadOnlyList<string> subjects) => string.Join(", ", subjects.Take(Named))
        + (subjects.Count > Named ? $" and {subjects.Count - Named} more" : "");

    static string Word(StepState state) =>
        state == StepState.NotKnown ? "not known" : state.ToString().ToLowerInvariant();
}

/// <summary>Generated, because reflection costs start-up time.</summary>
[JsonSerializable(typeof(IReadOnlyList<BuildStep>))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    Converters = [typeof(StateConverter)])]
sealed partial class ExplainJson : JsonSerializerContext;

/// <summary><c>built</c>, <c>notKnown</c>.</summary>
sealed class StateConverter() : JsonStringEnumConverter<StepState>(JsonNamingPolicy.CamelCase);
