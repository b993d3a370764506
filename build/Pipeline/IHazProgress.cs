using Nuke.Common;
using OpenStack.Diagnostics;
using OpenStack.Watching;

namespace OpenStack.Pipeline;

/// <summary>How it is shown what a run is at.</summary>
enum ProgressStyle
{
    /// <summary>As rows where a person looks at a terminal.</summary>
    Auto,

    /// <summary>As rows below the log.</summary>
    Live,

    /// <summary>As lines of the log.</summary>
    Plain,
}

/// <summary>How a run shows what it is at.</summary>
interface IHazProgress : IHazRun
{
    [Parameter("How it is shown what a run is at: 'live', as rows below the log, 'plain', as lines of the log where "
        + "that is silent, or 'auto' - Default is 'auto': live on a terminal")]
    ProgressStyle Progress => TryGetValue<ProgressStyle?>(() => Progress) ?? ProgressStyle.Auto;

    /// <summary>Whether it is rows.</summary>
    /// <param name="isAlone">Whether standard output is for an answer alone.</param>
    /// <exception cref="ProblemException">They are asked for, and there is no terminal.</exception>
    bool IsLive(bool isAlone)
    {
        var isPossible = Watcher.HasTerminal && !isAlone;
        if (Progress == ProgressStyle.Live && !isPossible)
            throw new ProblemException(new Problem("--progress live is given, and there is nothing to draw on",
                Expected: "a terminal on standard output, which is not TERM=dumb, and no document there",
                Remedy: "Leave it out: lines are written then"));
        return Progress == ProgressStyle.Live || (Progress == ProgressStyle.Auto && isPossible
            && Verbosity is Verbosity.Normal or Verbosity.Verbose && IsLocalBuild);
    }
}
