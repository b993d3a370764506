using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>Which targets run, and in what order.</summary>
static class ExecutionPlanner
{
    /// <param name="targets">In the order of discovery, which decides between targets that nothing else orders.</param>
    /// <param name="invoked">Names; null for the default targets.</param>
    public static IReadOnlyCollection<ExecutableTarget> Plan(IReadOnlyCollection<ExecutableTarget> targets, IEnumerable<string> invoked)
    {
        var wanted = invoked?.Select(x => Find(x, targets)).ToList();
        foreach (var target in wanted ?? [])
            target.Invoked = true;

        TargetCycles.Check(targets);
        while (true)
        {
            var plan = Select(targets, wanted);
            var triggered = plan.SelectMany(x => x.Triggers).Except(plan).Where(targets.Contains).ToList();
            if (triggered.Count == 0)
            {
                plan.ForEach(x => x.Status = ExecutionStatus.Scheduled);
                return plan;
            }

            wanted = [.. plan, .. triggered];
        }
    }

    // Backwards from the targets nothing depends on: by the time a target is looked at, all that may need it have been.
    static List<ExecutableTarget> Select(IReadOnlyCollection<ExecutableTarget> targets, List<ExecutableTarget> wanted)
    {
        var isStrict = CommandLine.Current.Has("strict") && (bool)CommandLine.Current.Get("strict", typeof(bool), null);
        var remaining = targets.ToList();
        var dependencies = targets.ToDictionary(x => x, x => x.AllDependencies);
        var plan = new List<ExecutableTarget>();
        while (remaining.Count > 0)
        {
            var free = remaining.Where(x => !remaining.Any(y => dependencies[y].Contains(x)));
            if (isStrict && free.Skip(1).Any())
                throw new Exception(string.Join(Environment.NewLine, free.Select(x => $"  - {x.Name}").Prepend("Incomplete target definition order:")));
            var target = free.First();
            remaining.Remove(target);
            if (wanted is null ? target.IsDefault : wanted.Contains(target))
                plan.Add(target);
            else if (plan.Any(x => x.ExecutionDependencies.Contains(target)))
                plan.Add(target);
        }

        plan.Reverse();
        return plan;
    }

    static ExecutableTarget Find(string name, IReadOnlyCollection<ExecutableTarget> targets)
    {
        name = name.Replace("-", "", StringComparison.Ordinal);
        return targets.SingleOrDefault(x => x.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new Exception(string.Join(
                Environment.NewLine,
                targets.Select(x => $"  - {x.Name}").Order().Prepend($"Target with name '{name}' does not exist. Available targets are:")));
    }
}
