using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Network;

namespace OpenStack.Images;

/// <summary>
/// Where builds take packages of the distribution from, and who they are there. Images keep their distribution's own.
/// </summary>
/// <param name="Sources">Instead of the sources of the image that is built on, as in sources.list(5).</param>
/// <param name="Keyring">A key to trust beside that image's own, for sources that name none.</param>
/// <param name="Auth">Users and passwords, as in apt_auth.conf(5).</param>
/// <param name="Mirrors">What has the same packages as archives that sources name.</param>
public sealed record AptAccess(AbsolutePath? Sources, AbsolutePath? Keyring, AbsolutePath? Auth,
    IReadOnlyList<InputMirror> Mirrors)
{
    /// <exception cref="ProblemException">All files that cannot be used.</exception>
    public AptAccess Require()
    {
        ProblemException.ThrowIfAny([.. new[]
            {
                ("--apt-sources", Sources), ("--apt-keyring", Keyring), ("--apt-auth", Auth),
            }.Select(x => WrongWith(x.Item1, x.Item2)).OfType<Problem>()]);
        return this;
    }

    /// <summary>Lines <c>URL MIRROR</c>, both without a slash at their end, as steps read them.</summary>
    public string MirrorLines => string.Concat(Mirrors.Select(x =>
        $"{x.Prefix.TrimEnd('/')} {x.Replacement.TrimEnd('/')}\n"));

    static Problem? WrongWith(string parameter, AbsolutePath? file) =>
        file is null ? null
        : !File.Exists(file) ? new Problem("there is no such file", file, Remedy: $"Correct {parameter}")
        : new FileInfo(file).Length is 0 or > StepNetwork.LargestSecret ? new Problem(
            $"it has {new FileInfo(file).Length} bytes", file, Expected: $"1 to {StepNetwork.LargestSecret}",
            Remedy: $"Name another file with {parameter}")
        : null;
}
