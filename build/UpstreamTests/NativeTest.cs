using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Sources;
using OpenStack.Storage;

namespace OpenStack.UpstreamTests;

/// <summary>
/// Upstream's own tests of what is no Python distribution: they run where its image was built, which has what ships.
/// </summary>
/// <inheritdoc cref="SourceTest"/>
public sealed record NativeTest(string Component, NativeImage Native, TestSettings Tests, AbsolutePath Directory)
    : SourceTest(Component, Native, null, new PatchSeries(Component, Native.Release, []), Tests, Directory)
{
    /// <summary>The image directory of what the Dockerfile of its image goes on with.</summary>
    public const string ImageName = "native-test";

    public override string Tree => $"/build/{Component}";

    /// <summary>Test suites write beside what was built.</summary>
    public override ContainerPlace PlaceIn(ContainerPlace place) => place;

    public override Stage StageOf(ImageSettings settings, BaseImages bases)
    {
        var inputs = settings.InputsOf(ImageName, Image.CommitTime)
            .Add("image.digest", OciLayout.Open(Image.LayoutDirectory).Digest)
            .Add("image.directory", settings.DigestOf(Image.Service))
            .Add("builder.digest", bases.Open(BaseImages.VenvBuilder).Digest)
            .Add("source.digest", Image.SourceDigest)
            .Add("packages", string.Join(' ', AptPackages));
        foreach (var tree in Native.Trees) inputs.Add($"tree.{tree.Component}", tree.Digest);
        return new Stage(LayoutDirectory, inputs);
    }

    public override BakeTarget TargetOf(ImageSettings settings, BaseImages bases, AbsolutePath layout)
    {
        var target = new ServiceImages(settings, bases).Graph([(Image, layout)], bases.Open(BaseImages.PythonBase),
            bases.Open(BaseImages.VenvBuilder)).Values.Single();
        return target with
        {
            DockerfileInline = $"{target.DockerfileInline}\n{settings.DockerfileOf(ImageName).Text}",
            Contexts = new Dictionary<string, string>(target.Contexts)
            {
                ["image"] = OciLayout.Open(Image.LayoutDirectory).Context,
            },
            Args = new Dictionary<string, string>(target.Args) { ["TEST_PACKAGES"] = string.Join(' ', AptPackages) },
        };
    }
}
