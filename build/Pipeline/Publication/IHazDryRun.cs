using Nuke.Common;

namespace OpenStack.Pipeline.Publication;

/// <summary>For targets that change something outside of this machine, or in the repository's history.</summary>
interface IHazDryRun : INukeBuild
{
    [Parameter("Says what Push or Update would do, and does nothing")]
    bool DryRun => TryGetValue<bool?>(() => DryRun) ?? false;
}
