using Nuke.Common;
using Nuke.Common.IO;

namespace OpenStack.Pipeline.Selection;

/// <summary>Where it is written down what was found, so that it stays.</summary>
interface IHazRecords : INukeBuild
{
    [Parameter("Directory of what is recorded below <release>: commits of tags, distributions of images, locks "
        + "- Default is 'releases'")]
    AbsolutePath RefLocks => TryGetValue(() => RefLocks) ?? RootDirectory / "releases";
}
