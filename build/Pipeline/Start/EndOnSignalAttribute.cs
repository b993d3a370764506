using Nuke.Common.Execution;
using OpenStack.Processes;
using Serilog;

namespace OpenStack.Pipeline.Start;

/// <summary>
/// Ctrl-C and SIGTERM: NUKE writes its summary and leaves it to the system to end the process, while targets go on and
/// tell what happens to their programs. From the first target on the run ends in order.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class EndOnSignalAttribute : BuildExtensionAttributeBase, IOnTargetRunning
{
    bool _isWatched;

    public void OnTargetRunning(ExecutableTarget target)
    {
        if (_isWatched) return;
        _isWatched = true;
        Interruption.Watch(
            Begin, Finish);
    }

    void Begin(string signal)
    {
        ((IHazRun)Build).Run.Watcher?.Dispose();
        Log.Warning("{Signal}: the run ends; what was finished stays, and the same command goes on from there. Once "
            + "more ends it at once", signal);
    }

    void Finish(string signal)
    {
        var run = ((IHazRun)Build).Run;
        run.Outcome.Signal = signal;
        run.TellOutcome(((Nuke.Components.IHazArtifacts)Build).ArtifactsDirectory, isComplete: false,
            inFileAlone: true);
        run.Trace?.End($"interrupted by {signal}", signal: true);
        Log.Warning("{Target} was interrupted by {Signal}",
            string.Join(", ", Build.RunningTargets.Select(x => x.Name)), signal);
        Log.CloseAndFlush();
    }
}
