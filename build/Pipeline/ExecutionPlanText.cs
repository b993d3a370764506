using System.Text;
using Nuke.Common.Execution;

namespace OpenStack.Pipeline;

/// <summary>An execution plan for a terminal: one line per target in the order in which they run, with what each waits for.</summary>
static class ExecutionPlanText
{
    public static string Of(IReadOnlyCollection<ExecutableTarget> plan)
    {
        var text = new StringBuilder("Execution plan:\n\n");
        var width = plan.Count == 0 ? 0 : plan.Max(x => x.Name.Length);
        var number = 0;
        foreach (var target in plan)
        {
            var after = target.ExecutionDependencies.Where(plan.Contains).Select(x => x.Name).ToList();
            text.Append($"{++number,4}  {target.Name.PadRight(width)}{(after.Count > 0 ? "  after " + string.Join(", ", after) : "")}".TrimEnd()).Append('\n');
            if (target.Description is { } description) text.Append("      ").Append(description).Append('\n');
        }

        return text.ToString();
    }
}
