using Nuke.Common.Execution;

namespace Nuke.Common;

public abstract partial class NukeBuild
{
    readonly IReadOnlyCollection<IBuildExtension> extensions;

    /// <summary>Parameters have their values; there is no plan yet.</summary>
    protected internal virtual void OnBuildCreated()
    {
    }

    /// <summary>There is a plan, and all members have their values; nothing has been checked.</summary>
    protected internal virtual void OnBuildInitialized()
    {
    }

    /// <summary>The summary has been written.</summary>
    protected internal virtual void OnBuildFinished()
    {
    }

    protected internal virtual void OnTargetRunning(string target)
    {
    }

    protected internal virtual void OnTargetSkipped(string target)
    {
    }

    protected internal virtual void OnTargetSucceeded(string target)
    {
    }

    protected internal virtual void OnTargetFailed(string target)
    {
    }

    internal void Extend<T>(string method, Action<T> action)
        where T : IBuildExtension
    {
        foreach (var extension in extensions.OfType<T>())
        {
            Logging.Trace(extension.GetType(), method, extension.Priority);
            action(extension);
        }
    }
}
