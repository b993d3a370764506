using Nuke.Common;

namespace OpenStack.Pipeline.Selection;

/// <summary>What something is measured against.</summary>
interface IHazFrom : INukeBuild
{
    [Parameter("AddRelease: release that the new one is like, by default the newest; SbomDiff: "
        + "what is compared with --to")]
    string? From => TryGetValue(() => From);
}
