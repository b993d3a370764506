using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Network;

namespace OpenStack.Pipeline;

/// <summary>The network that a run has, behind the wall of a company perhaps.</summary>
interface IHazNetwork : INukeBuild
{
    [Parameter("Certificate authorities to trust beside those of this machine, as PEM: in everything that is asked, "
        + "and in the steps of builds, where none of it stays")]
    AbsolutePath? CaBundle => TryGetValue(() => CaBundle);

    [Parameter("Places that have the same files as others and are asked first, as in "
        + "'https://files.pythonhosted.org/=https://mirror.example/pypi/'; of archives of packages, those that builds "
        + "take them from instead", Separator = " ")]
    string[] InputMirrors => TryGetValue(() => InputMirrors) ?? [];

    [Parameter("Sources of packages (sources.list(5)) for builds, instead of those of the base image, which images "
        + "keep")]
    AbsolutePath? AptSources => TryGetValue(() => AptSources);

    [Parameter("OpenPGP key of sources that name none themselves (Signed-By), for builds alone")]
    AbsolutePath? AptKeyring => TryGetValue(() => AptKeyring);

    [Parameter("Users and passwords of archives of packages (apt_auth.conf(5)); only steps that download see it")]
    AbsolutePath? AptAuth => TryGetValue(() => AptAuth);

    /// <summary>What is trusted in all, as one file for programs; null where no such file is known.</summary>
    AbsolutePath? TrustedFile => CaBundle is null
        ? Network.CaBundle.OfMachine()
        : TemporaryDirectory / "ca-bundle.pem";

    /// <exception cref="ProblemException">The parameter says what cannot be.</exception>
    IReadOnlyList<InputMirror> FileMirrors => InputMirror.ParseAll(InputMirrors);
}
