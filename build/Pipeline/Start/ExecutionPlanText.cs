using System.Text;
using Nuke.Common.Execution;

namespace OpenStack.Pipeline.Start;

/// <summary>
/// An execution plan for a terminal: one line per target in the order in which they run, with what each waits for.
/// </summary>
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
            var conditions = target.StaticConditions.Concat(target.DynamicConditions)
                .Select(x => x.Text.Replace("() => ", "", StringComparison.Ordinal))
                .ToList();
            text.Append($"{++number,4}  {target.Name.PadRight(width)}");
            if (after.Count > 0) text.Append("  after ").AppendJoin(", ", after);
            if (conditions.Count > 0) text.Append("  only when ").AppendJoin(" && ", conditions);
            text.Append('\n');
            if (target.Description is { } description) text.Append("      ").Append(description).Append('\n');
        }

        return text.ToString();
    }
}
