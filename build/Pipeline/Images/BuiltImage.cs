using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Selection;

namespace OpenStack.Pipeline.Images;

/// <summary>An image that is published: that of a service, or <c>python-base</c>, which all others are built on.</summary>
/// <param name="Name">As its repository is called.</param>
/// <param name="Directory">Holds <c>image</c>, the image of all platforms, and what is made of it.</param>
/// <param name="Service">The service × release; null of <c>python-base</c>.</param>
sealed record BuiltImage(string Name, AbsolutePath Directory, Workspace? Service)
{
    public static BuiltImage Of(Workspace workspace) => new(workspace.Component, workspace.Directory, workspace);

    /// <param name="artifacts"><c>artifacts/</c>, whose <c>base/</c> holds the base images.</param>
    public static BuiltImage OfPythonBase(AbsolutePath artifacts) => new(BaseImages.PythonBase, artifacts / "base" / BaseImages.PythonBase, null);

    /// <summary>Where the base images of one platform are.</summary>
    public static AbsolutePath BasesOf(AbsolutePath artifacts, string platform) => artifacts / "base" / "platforms" / PlatformName.ForFiles(platform);

    /// <summary>Where its image of one platform is, with the record of what that was built from.</summary>
    public AbsolutePath PartOf(string platform) => Service?.PlatformDirectory(platform) ?? BasesOf(Directory.Parent!.Parent!, platform) / Name;

    /// <summary>Tags: what a publication names it.</summary>
    public AbsolutePath TagsFile => Directory / "tags.json";

    /// <exception cref="Diagnostics.ProblemException">They are not there.</exception>
    public PublishedTags ReadTags() => PublishedTags.Read(Inputs.Require(TagsFile, nameof(ITags.Tags)));

    /// <exception cref="Diagnostics.ProblemException">It is not there.</exception>
    public OciLayout Open() => OciLayout.Open(Inputs.Require(Directory / "image", Service is null ? nameof(IBuildBase.BuildBase) : nameof(IBuildService.BuildService)));

    public Task<bool> JoinAsync(IReadOnlyList<string> platforms) => JoinedImage.MakeAsync(Directory, platforms.ToDictionary(x => x, PartOf));

    public override string ToString() => Service?.ToString() ?? Name;
}
