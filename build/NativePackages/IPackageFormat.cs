using Nuke.Common.IO;
using OpenStack.Sbom;

namespace OpenStack.NativePackages;

/// <summary>What is different in each format of packages.</summary>
public interface IPackageFormat
{
    /// <summary>
    /// What options and directories call it, a stage of <c>images/native-package</c>, and what its files end with.
    /// </summary>
    string Name { get; }

    /// <summary>Writes what the format adds to a <see cref="PackagePlan"/>.</summary>
    /// <param name="directory">Does not exist yet.</param>
    void WritePlan(ServicePackage package, AbsolutePath directory);

    /// <summary>Makes packages of what the engine has left, where that are none yet.</summary>
    /// <param name="directory">What the stage of the format had in <c>/packages</c>.</param>
    void Complete(ServicePackage package, AbsolutePath directory);

    /// <summary>What a package says of itself.</summary>
    PackageIdentity Read(AbsolutePath file);
}
