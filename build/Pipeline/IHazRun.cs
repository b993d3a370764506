using Nuke.Common;

namespace OpenStack.Pipeline;

/// <summary>What the targets of a run share.</summary>
interface IHazRun : INukeBuild
{
    /// <summary>Made by the build, once.</summary>
    Run Run { get; }

    /// <summary>Tells what was found and made, in the log and on the page of a job.</summary>
    Results Results => Run.Results;
}
