namespace Nuke.Common.Execution;

/// <summary>Where a target is in its life.</summary>
public enum ExecutionStatus
{
    None,
    Scheduled,
    NotRun,
    Skipped,
    Succeeded,
    Failed,
    Running,
    Aborted,

    /// <summary>It has no actions, only dependencies.</summary>
    Collective
}
