using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Selection;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Pipeline.Images;

/// <summary>What is said of images that were tested, and by what.</summary>
interface IHazTestResults : IHazImages, IHazCatalog
{
    /// <summary>The image of one platform, as a statement names it.</summary>
    (string Name, string Digest) SubjectOf(string service, OciLayout layout) =>
        (RepositoryName.Of(RepositoryName.Namespace(Registry), service), layout.Digest);

    /// <summary>Files that say what is tested.</summary>
    IReadOnlyList<ResourceDescriptor> DescriptorsOf(IEnumerable<AbsolutePath> files) =>
        [.. files.Select(x => ResourceDescriptor.OfFile(ShownAs(x).Replace('\\', '/'), Digest.OfFile(x)))];

    /// <summary>The address of this run; null outside CI.</summary>
    string? RunUrl => Builder.Of(Environment.GetEnvironmentVariable).Invocation;
}
