using System.Text.Json.Nodes;

namespace OpenStack.Tests.Workflows;

/// <summary>What became of a job or a step, in GitHub's words.</summary>
enum Outcome
{
    Success,
    Failure,
    Skipped,
}

/// <param name="Name">As the workflow calls it.</param>
/// <param name="Command">What was run; null of an action.</param>
/// <param name="Output">What it wrote, errors too.</param>
sealed record StepResult(string Name, Outcome Outcome, string? Command = null, string Output = "");

/// <summary>One run of a job: of a row of its matrix, where it has one.</summary>
/// <param name="Job">Key of the job.</param>
/// <param name="Title">As it is shown.</param>
/// <param name="Row">The row of its matrix; empty without one.</param>
/// <param name="Summary">The Markdown that its steps wrote for people.</param>
sealed record JobResult(string Job, string Title, JsonObject Row, Outcome Outcome,
    IReadOnlyDictionary<string, string> Outputs, IReadOnlyList<StepResult> Steps, string Summary);

/// <summary>All jobs, in the order in which they came to their end.</summary>
sealed record WorkflowResult(IReadOnlyList<JobResult> Jobs)
{
    public IEnumerable<JobResult> Of(string job) => Jobs.Where(x => x.Job == job);

    /// <summary>What a job, with all rows of its matrix, came to.</summary>
    public Outcome OutcomeOf(string job) => Of(job).Select(x => x.Outcome).ToList() switch
    {
        var all when all.Contains(Outcome.Failure) => Outcome.Failure,
        var all when all.Contains(Outcome.Success) => Outcome.Success,
        _ => Outcome.Skipped,
    };

    /// <summary>Everything that ran, by job: <c>publish-1 keystone 2025.1: ./build.cmd Push (success)</c>.</summary>
    public string Log => string.Concat(Jobs.Select(x => $"{x.Title} ({x.Job}): {x.Outcome}\n"
        + $"{string.Concat(x.Steps.Select(y => $"  {y.Name}: {y.Outcome}\n{Indented(y)}"))}"));

    static string Indented(StepResult step) => step.Command is null && step.Output.Length == 0
        ? ""
        : $"    $ {step.Command}\n{string.Concat(step.Output.TrimEnd().Split('\n').Select(x => $"      {x}\n"))}";
}
