namespace Nuke.Common.Execution;

/// <summary>Takes targets out of the plan, and with them what nothing else in the plan needs.</summary>
static class TargetSkipping
{
    /// <param name="build">The build.</param>
    /// <param name="names">Empty: all; null: none.</param>
    public static void Skip(NukeBuild build, string[] names)
    {
        if (names is null)
            return;
        var skipped = names.Select(x => x.Replace("-", "", StringComparison.Ordinal)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var target in build.ExecutionPlan)
        {
            if (skipped.Count == 0 || skipped.Contains(target.Name))
                Skip(build, target, "via parameter");
        }
    }

    public static void Skip(NukeBuild build, ExecutableTarget target, string reason)
    {
        if (target.Status != ExecutionStatus.Scheduled)
            return;
        if (!target.Invoked)
        {
            target.Status = ExecutionStatus.Skipped;
            target.Skipped ??= reason;
        }

        if (target.DependencyBehavior == DependencyBehavior.Execute)
            return;
        bool IsNeededBySomeOther(ExecutableTarget dependency) => build.ExecutionPlan
            .Where(x => x != target && x.Status == ExecutionStatus.Scheduled)
            .Any(x => x.ExecutionDependencies.Contains(dependency) || x.Triggers.Contains(dependency));

        var dependencies = target.ExecutionDependencies.Concat(target.Triggers).Where(x => !IsNeededBySomeOther(x)).ToArray();
        foreach (var dependency in dependencies)
            Skip(build, dependency, $"because of {target.Name}");
    }
}
