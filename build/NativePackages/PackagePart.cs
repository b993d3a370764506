using Nuke.Common.IO;

namespace OpenStack.NativePackages;

/// <summary>One of the two packages of a service, as every format has it.</summary>
/// <param name="Name"><see cref="OfVersion"/> or <see cref="OfService"/>: a directory of plans and of trees.</param>
/// <param name="PackageName">What it is called.</param>
/// <param name="Summary">One line.</param>
/// <param name="Description">Some more.</param>
/// <param name="Texts">What it has beside the service itself.</param>
/// <param name="Variables">What names in those texts stand for.</param>
public sealed record PackagePart(string Name, string PackageName, string Summary, string Description,
    PackageTexts Texts, PackageVariables Variables)
{
    /// <summary>The package of the virtual environment.</summary>
    public const string OfVersion = "version";

    /// <summary>The package of what there is once.</summary>
    public const string OfService = "service";

    /// <summary>Writes texts below a directory, with the values of all names.</summary>
    public void Write(IEnumerable<PackageText> texts, AbsolutePath directory)
    {
        foreach (var (path, text) in texts)
            PackageFiles.Write(directory / Variables.Fill(path), Variables.Fill(text));
    }
}
