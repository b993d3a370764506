using Nuke.Common;

namespace OpenStack.Pipeline.Selection;

/// <summary>How long what is published is kept.</summary>
interface IHazRetention : INukeBuild
{
    [Parameter("Days for which every published build is kept - Default is 90")]
    int KeepDays => TryGetValue<int?>(() => KeepDays) ?? 90;

    [Parameter("Builds of each branch and release that are kept however old they are - Default is 10")]
    int KeepBuilds => TryGetValue<int?>(() => KeepBuilds) ?? 10;

    [Parameter("Removes what Prune or PrunePackages lists; without it, nothing is removed")]
    bool Remove => TryGetValue<bool?>(() => Remove) ?? false;
}
