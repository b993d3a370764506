using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Sbom;

namespace OpenStack.NativePackages;

/// <summary>What is different in each format of packages.</summary>
public interface IPackageFormat
{
    /// <summary>
    /// What options and directories call it, a stage of <c>images/native-package</c>, and what its files end with.
    /// </summary>
    string Name { get; }

    /// <summary>What its bytes depend on beside their input; null where the builder image has it all.</summary>
    string? Packing => null;

    /// <summary>Writes what the format adds to a <see cref="PackagePlan"/>.</summary>
    /// <param name="directory">Does not exist yet.</param>
    void WritePlan(ServicePackage package, AbsolutePath directory);

    /// <summary>Makes packages of what the engine has left, where that are none yet.</summary>
    /// <param name="directory">What the stage of the format had in <c>/packages</c>.</param>
    void Complete(ServicePackage package, AbsolutePath directory);

    /// <summary>Of a package, as its tools take it.</summary>
    string VersionOf(PackageVersion version);

    /// <summary>What a package says of itself.</summary>
    PackageIdentity Read(AbsolutePath file);

    /// <summary>What is the same of a package whoever has signed it.</summary>
    string ContentOf(AbsolutePath file);

    /// <summary>Adds packages to a repository of the format; those that are there already stay.</summary>
    /// <param name="directory">What a web server serves, of all formats.</param>
    /// <param name="distribution">That they are built on, <c>debian-trixie</c>.</param>
    /// <param name="release">Of OpenStack.</param>
    /// <param name="files">The packages, all of one platform.</param>
    /// <param name="keys">Sign it.</param>
    /// <param name="onWait">Called when another run adds to it already.</param>
    /// <returns>Those that were not there.</returns>
    /// <exception cref="ProblemException">A version is there with other bytes; nothing is added then.</exception>
    Task<IReadOnlyList<AbsolutePath>> PublishAsync(AbsolutePath directory, string distribution, string release,
        IReadOnlyList<AbsolutePath> files, PackageKeys keys, Func<IDisposable> onWait);

    /// <summary>What the indexes of its repositories name.</summary>
    IReadOnlyList<PublishedPackage> List(AbsolutePath directory);

    /// <summary>Takes packages out of its repositories: of the indexes first.</summary>
    Task RemoveAsync(AbsolutePath directory, IReadOnlyList<PublishedPackage> packages, PackageKeys keys,
        Func<IDisposable> onWait);

    /// <summary>What a client of its repositories would find.</summary>
    /// <param name="trust">Whose signatures count.</param>
    /// <returns>What is wrong, and how many packages were looked at; nothing where it has no repository.</returns>
    (IReadOnlyList<Problem> Problems, int Count) Check(AbsolutePath directory, PackageTrust trust);
}
