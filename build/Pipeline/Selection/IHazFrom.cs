using Nuke.Common;

namespace OpenStack.Pipeline.Selection;

/// <summary>What something is measured against.</summary>
interface IHazFrom : INukeBuild
{
    [Parameter("AddRelease: release that the new one is like, by default the newest; SbomDiff, ReleaseNotes: what is "
        + "compared with --to; WhoHas: directory of SBOMs, in place of the registry; Backport: what is taken, a "
        + "commit, Change-Id, range a..b, branch, tag or other ref, address of a change, or file of mails")]
    string? From => TryGetValue(() => From);
}
