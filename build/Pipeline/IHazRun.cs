using Nuke.Common;
using Serilog;

namespace OpenStack.Pipeline;

/// <summary>What the targets of a run share.</summary>
interface IHazRun : INukeBuild
{
    /// <summary>Made by the build, once.</summary>
    Run Run { get; }

    /// <summary>Tells what was found and made, in the log and on the page of a job.</summary>
    Results Results => Run.Results;

    /// <summary>Another run has what this one wants: it is waited for until what this gives is disposed of.</summary>
    /// <param name="does">What that does: <c>builds this image</c>.</param>
    IDisposable TellWaitingFor(string does)
    {
        Log.Information("Another run {Does}; waiting for it ...", does);
        return Run.Watch.Begin($"waiting for another run, which {does}");
    }
}
