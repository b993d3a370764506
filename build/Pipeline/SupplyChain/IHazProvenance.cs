using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Signing;
using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.Wheels;

namespace OpenStack.Pipeline.SupplyChain;

/// <summary>Where images come from, as the stages recorded it.</summary>
interface IHazProvenance : ISbom, ITags
{
    /// <summary>Of each of an image's manifests and, where there are several, of their index, by digest.</summary>
    async Task<Func<BuiltImage, IReadOnlyDictionary<string, Provenance>>> ProvenancesAsync()
    {
        var build = await BuildRevisionAsync();
        var builder = Builder.Of(Environment.GetEnvironmentVariable);
        var url = await new OwnRepository(RootDirectory / ".git").PublicUrlAsync(Environment.GetEnvironmentVariable);
        var origins = Selection.ToDictionary(x => x, x => OriginOf(x).Of(build));
        return image =>
        {
            var made = image.Service is null ? build : origins[image.Service];
            var repository = Materials.OfRepository(made, url);
            return ImageProvenance.Of(image.Open(),
                x => ProvenanceOf(image, image.PartOf(x.Platform!), [x], repository, builder, made.Revision),
                x => ProvenanceOf(image, image.Directory, x, repository, builder, made.Revision));
        };
    }

    /// <param name="image">The image.</param>
    /// <param name="recordedIn">Where it is recorded what the platforms were built from.</param>
    /// <param name="platforms">Their manifests.</param>
    Provenance ProvenanceOf(BuiltImage image, AbsolutePath recordedIn, IReadOnlyList<OciDescriptor> platforms,
        ResourceDescriptor repository, Builder builder, string builderVersion)
    {
        var tags = image.ReadTags();
        var target = new PublicationTarget(
            tags.Repository, [.. tags.Tags.Select(x => x.Name)], [.. tags.Moving.Select(x => x.Name)]);
        return new Provenance(image.Name, target, InputsIn(recordedIn))
        {
            Release = image.Service?.Release.Name,
            Ref = image.Service is null ? null : SealedOf(image.Service).Source.Source.Ref,
            Platforms = [.. platforms.Select(x => x.Platform!)],
            Dependencies = [.. platforms.SelectMany(x => DependenciesOf(image, x.Platform!)).Prepend(repository)
                .DistinctBy(x => x.ToJson().ToJsonString())],
            Builder = builder,
            BuilderVersion = builderVersion,
        };
    }

    /// <summary>What one platform of an image is made of.</summary>
    IEnumerable<ResourceDescriptor> DependenciesOf(BuiltImage image, string platform)
    {
        var pythonBase = InputsIn(PythonBase.PartOf(platform));
        var distribution = External("distribution", BaseImage, pythonBase["base.name"], pythonBase["base.digest"]);
        if (image.Service is not { } service) return [distribution];
        var inputs = InputsIn(image.PartOf(platform));
        var builder = InputsIn(BuiltImage.BasesOf(ArtifactsDirectory, platform) / BaseImages.VenvBuilder);
        var files = Inputs.Require(image.PartOf(platform) / DistributionFiles.FileName, nameof(BuildWheels));
        return
        [
            .. Materials.OfSource(SealedOf(service), service.Release.Name, "source"),
            .. Libraries.Where(x => x.Release == service.Release)
                .SelectMany(x => Materials.OfSource(SealedOf(x), x.Release.Name, $"source/{x.Component}")),
            .. Materials.OfConstraints(Inputs.Require(service.ConstraintsDirectory, nameof(Constrain))),
            .. Materials.OfDistributions(DistributionFiles.Find(files.Parent!)!),
            ResourceDescriptor.OfImage(BaseImages.PythonBase, inputs["base.name"], inputs["base.digest"]),
            ResourceDescriptor.OfFile(BaseImages.VenvBuilder, inputs["builder.digest"]),
            distribution,
            External("uv", UvImage, builder["uv.name"], builder["uv.digest"]),
        ];
    }

    static IReadOnlyDictionary<string, string> InputsIn(AbsolutePath directory) =>
        StageInputs.Read(Inputs.Require(directory / "inputs.json", nameof(BuildService))).Values;

    /// <summary>What stands in for an image on this machine's disk is nowhere else to be found.</summary>
    static ResourceDescriptor External(string name, string? insteadOf, string reference, string digest) =>
        insteadOf is not null && ImageReference.IsPath(insteadOf)
            ? ResourceDescriptor.OfFile(name, digest)
            : ResourceDescriptor.OfImage(name, reference, digest);
}
