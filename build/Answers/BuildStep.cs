using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Answers;

/// <summary>What becomes of an output when it is asked for.</summary>
public enum StepState
{
    /// <summary>It is made.</summary>
    Built,

    /// <summary>What it is made of is made before; whether that comes out otherwise, only then is known.</summary>
    Follows,

    /// <summary>Somebody has to be asked.</summary>
    NotKnown,

    /// <summary>It is there, and what it is made of has not changed.</summary>
    Reused,
}

/// <summary>One output of a build: what becomes of it, and why.</summary>
/// <param name="Target">The target that makes it.</param>
/// <param name="Subject">Which of its outputs: <c>nova 2025.1</c>, <c>python-base linux/amd64</c>.</param>
/// <param name="Because">Why; of what is reused, what else would have to be so.</param>
public sealed record BuildStep(string Target, string Subject, StepState State, IReadOnlyList<string> Because)
{
    /// <summary>How long it took last time, together with <see cref="Together"/> others; null where nobody
    /// knows.</summary>
    public double? Seconds { get; init; }

    /// <summary>How many outputs that time was for.</summary>
    public int? Together { get; init; }

    bool IsMade => State is StepState.Built or StepState.Follows;

    /// <summary>Judges an output by its record and by what it would be made of now.</summary>
    /// <param name="output">The output and its record; its inputs do not count.</param>
    /// <param name="stage">The same, with the inputs that it has now, as far as the steps before have left
    /// them.</param>
    /// <param name="after">The steps before.</param>
    /// <param name="again">Why it is made whatever its inputs are; null where it is not.</param>
    public static BuildStep Of(string target, string subject, Stage output, Func<Stage> stage,
        IReadOnlyList<BuildStep> after, string? again = null)
    {
        var step = new BuildStep(target, subject, StepState.Built, []);
        if (!Path.Exists(output.Output) || !File.Exists(output.InputsFile))
            return step with { Because = ["it is not there yet"] };
        if (StageDuration.Read(output) is { } last)
            step = step with { Seconds = last.Seconds, Together = last.Outputs };
        if (again is not null) return step with { Because = [again] };
        var made = after.Where(x => x.IsMade).Select(x => $"{x.Target} of {x.Subject}").Distinct().ToList();
        IReadOnlyList<string> changes;
        try
        {
            changes = stage().ChangesSinceMade();
        }
        catch (ProblemException e)
        {
            return made.Count > 0 ? step with { State = StepState.Follows, Because = made }
                : step with { State = StepState.NotKnown, Because = [.. e.Problems.Select(x => $"{x}")] };
        }

        return changes.Count > 0 ? step with { Because = changes }
            : made.Count > 0 ? step with { State = StepState.Follows, Because = made }
            : step with { State = StepState.Reused, Because = [.. after.SelectMany(x => x.Unless).Distinct()] };
    }

    /// <summary>What would have to be otherwise for what comes after it to be so, too.</summary>
    IEnumerable<string> Unless => State switch
    {
        StepState.NotKnown => [$"unless {Target} of {Subject} finds something else"],
        StepState.Reused => Because,
        _ => [],
    };
}
