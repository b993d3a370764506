using System.Text.RegularExpressions;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Oci;

namespace OpenStack.Images;

/// <summary>What an image has, as far as its tags tell.</summary>
/// <param name="Python">Version of the distribution's interpreter, <c>3.12</c>; null without one.</param>
/// <param name="Codename">Codename of the distribution (os-release, <c>VERSION_CODENAME</c>); null where it says none.</param>
/// <param name="Distributions">Python distributions of the virtual environment.</param>
public sealed partial record ImageContents(string? Python, string? Codename, IReadOnlySet<PythonName> Distributions)
{
    /// <summary>Reads an image's layers.</summary>
    /// <exception cref="ProblemException">A layer cannot be read.</exception>
    public static ImageContents Of(OciLayout layout)
    {
        var tree = ImageTree.Read(layout, layout.ReadManifest(), OsRelease.IsPath);
        return new ImageContents(
            tree.Files("usr/bin").Select(x => Interpreter().Match(x.Path)).LastOrDefault(x => x.Success)?.Groups["version"].Value,
            OsRelease.Of(tree)?.Codename,
            tree.Files("var/lib/openstack/lib").Select(x => Metadata().Match(x.Path)).Where(x => x.Success).Select(x => PythonName.Of(x.Groups["name"].Value)).ToHashSet());
    }

    [GeneratedRegex(@"^usr/bin/python(?<version>3\.[0-9]+)\z")]
    private static partial Regex Interpreter();

    [GeneratedRegex(@"^var/lib/openstack/lib/python3\.[0-9]+/site-packages/(?<name>[^/-]+)-[^/]+\.dist-info/METADATA\z")]
    private static partial Regex Metadata();
}
