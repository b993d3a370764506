using Nuke.Common;
using Nuke.Common.IO;

namespace OpenStack.Pipeline;

/// <summary>The network that a run has, behind the wall of a company perhaps.</summary>
interface IHazNetwork : INukeBuild
{
    [Parameter("Certificate authorities to trust beside those of this machine, as PEM: in everything that is asked, "
        + "and in the steps of builds, where none of it stays")]
    AbsolutePath? CaBundle => TryGetValue(() => CaBundle);

    /// <summary>What is trusted in all, as one file for programs; null where that is what the machine trusts.</summary>
    AbsolutePath? TrustedFile => CaBundle is null ? null : TemporaryDirectory / "ca-bundle.pem";
}
