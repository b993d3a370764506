namespace Nuke.Common.Execution;

/// <summary>Extensions of the original that do nothing here, and are told of like there.</summary>
abstract class IdleAttribute : BuildExtensionAttributeBase
{
    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
    }

    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
    }

    public void OnTargetSucceeded(ExecutableTarget target)
    {
    }

    public void OnBuildFinished()
    {
    }
}

sealed class HandleReSharperSurrogateArgumentsAttribute : IdleAttribute, IOnBuildCreated;

sealed class HandleVisualStudioDebuggingAttribute : IdleAttribute, IOnBuildCreated;

sealed class UnsetVisualStudioEnvironmentVariablesAttribute : IdleAttribute, IOnBuildCreated;

sealed class UpdateNotificationAttribute : IdleAttribute, IOnBuildCreated, IOnBuildFinished;

sealed class TelemetryAttribute : IdleAttribute, IOnBuildInitialized, IOnTargetSucceeded;
