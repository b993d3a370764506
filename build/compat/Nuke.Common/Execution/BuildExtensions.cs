namespace Nuke.Common.Execution;

/// <summary>Takes part in the build beside its targets; the higher priority goes first.</summary>
public interface IBuildExtension
{
    float Priority { get; }
}

/// <summary>Called when targets are known, before there is a plan.</summary>
public interface IOnBuildCreated : IBuildExtension
{
    void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets);
}

/// <summary>Called when there is a plan, before requirements are checked.</summary>
public interface IOnBuildInitialized : IBuildExtension
{
    void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan);
}

/// <summary>Called before the actions of a target.</summary>
public interface IOnTargetRunning : IBuildExtension
{
    void OnTargetRunning(ExecutableTarget target);
}

/// <summary>Called instead of running a target.</summary>
public interface IOnTargetSkipped : IBuildExtension
{
    void OnTargetSkipped(ExecutableTarget target);
}

/// <summary>Called after a target ran without an exception.</summary>
public interface IOnTargetSucceeded : IBuildExtension
{
    void OnTargetSucceeded(ExecutableTarget target);
}

/// <summary>Called after a target threw an exception.</summary>
public interface IOnTargetFailed : IBuildExtension
{
    void OnTargetFailed(ExecutableTarget target);
}

/// <summary>Called when a target has reported for the summary.</summary>
public interface IOnTargetSummaryUpdated : IBuildExtension
{
    void OnTargetSummaryUpdated(INukeBuild build, ExecutableTarget target);
}

/// <summary>Called after the summary was written.</summary>
public interface IOnBuildFinished : IBuildExtension
{
    void OnBuildFinished();
}

/// <summary>An extension that is put on the build class.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class BuildExtensionAttributeBase : Attribute, IBuildExtension
{
    public INukeBuild Build { get; internal set; }

    public virtual float Priority { get; set; }
}
