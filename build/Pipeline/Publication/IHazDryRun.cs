using Nuke.Common;

namespace OpenStack.Pipeline.Publication;

/// <summary>
/// For targets that change something outside of this machine, in the repository's history, or in many files of it.
/// </summary>
interface IHazDryRun : INukeBuild
{
    [Parameter("Says what Push, Update or Backport would do, and does nothing")]
    bool DryRun => TryGetValue<bool?>(() => DryRun) ?? false;
}
