using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Locks;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Reproduction;
using OpenStack.Signing;
using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.Wheels;

namespace OpenStack.Pipeline.SupplyChain;

/// <summary>Where images come from, as the stages recorded it.</summary>
interface IHazProvenance : ISbom, ITags
{
    [Parameter("Publishes images as such that others can build again: fails where their provenance lacks something "
        + "that takes; with --hermetic")]
    bool Reproducible => TryGetValue<bool?>(() => Reproducible) ?? false;

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
            var provenances = ImageProvenance.Of(image.Open(),
                x => ProvenanceOf(image, image.PartOf(x.Platform!), [x], repository, builder, made.Revision),
                x => ProvenanceOf(image, image.Directory, x, repository, builder, made.Revision));
            // An index lists what all of its platforms are made of.
            if (Reproducible) ProblemException.ThrowIfAny(ReproductionGaps.Of(provenances[image.Open().Digest]));
            return provenances;
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
            IsHermetic = Hermetic,
            IsReproducible = Reproducible,
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
        var distribution = External(
            Materials.Distribution, BaseImage, pythonBase["base.name"], pythonBase["base.digest"]);
        if (image.Service is not { } service) return [distribution, .. LocksOf(image, platform)];
        var inputs = InputsIn(image.PartOf(platform));
        return
        [
            .. InstalledOf(service, image.PartOf(platform)),
            ResourceDescriptor.OfImage(BaseImages.PythonBase, inputs["base.name"], inputs["base.digest"]),
            .. BuiltWith(inputs["builder.digest"], platform),
            .. LocksOf(image, platform),
        ];
    }

    /// <summary>What is installed of a service, and what bound that.</summary>
    /// <param name="directory">Has the distributions of a Python service, by file.</param>
    IEnumerable<ResourceDescriptor> InstalledOf(Workspace service, AbsolutePath directory) =>
    [
        .. Materials.OfSource(SealedOf(service), service.Release.Name, Materials.Source),
        .. LibrariesOf(service)
            .SelectMany(x => Materials.OfSource(SealedOf(x), x.Release.Name, $"{Materials.Source}/{x.Component}")),
        .. Catalog.KindOf(service.Component) == ImageKind.Python ? DistributionsOf(service, directory) : [],
    ];

    IEnumerable<ResourceDescriptor> DistributionsOf(Workspace service, AbsolutePath directory)
    {
        Inputs.Require(directory / DistributionFiles.FileName, nameof(BuildWheels));
        return
        [
            .. Materials.OfConstraints(Inputs.Require(service.ConstraintsDirectory, nameof(Constrain))),
            .. Materials.OfDistributions(DistributionFiles.Find(directory)!),
        ];
    }

    /// <summary>What it is built in.</summary>
    IEnumerable<ResourceDescriptor> BuiltWith(string builderDigest, string platform)
    {
        var pythonBase = InputsIn(PythonBase.PartOf(platform));
        var builder = InputsIn(BuilderOf(platform));
        return
        [
            ResourceDescriptor.OfFile(BaseImages.VenvBuilder, builderDigest),
            External(Materials.Distribution, BaseImage, pythonBase["base.name"], pythonBase["base.digest"]),
            External(Materials.Uv, UvImage, builder["uv.name"], builder["uv.digest"]),
        ];
    }

    AbsolutePath BuilderOf(string platform) =>
        BuiltImage.BasesOf(ArtifactsDirectory, platform) / BaseImages.VenvBuilder;

    /// <summary>The locks that an image was built from with <c>--hermetic</c>; none without.</summary>
    IReadOnlyList<ResourceDescriptor> LocksOf(BuiltImage image, string platform) => LocksOf(platform,
        image.Service is { } service
            ? [(SubjectOf(service, platform), image.PartOf(platform) / "inputs.json")]
            : []);

    /// <param name="more">Beside the base images: what each is the lock of, and what it was built from.</param>
    /// <exception cref="ProblemException">It was built from something else.</exception>
    IReadOnlyList<ResourceDescriptor> LocksOf(
        string platform, IReadOnlyList<(LockSubject Of, AbsolutePath Inputs)> more)
    {
        if (!Hermetic) return [];
        IReadOnlyList<(LockSubject Of, AbsolutePath Inputs)> all =
        [
            (SubjectOf(BaseImages.PythonBase, platform), PythonBase.PartOf(platform) / "inputs.json"),
            (SubjectOf(BaseImages.VenvBuilder, platform), BuilderOf(platform) / "inputs.json"),
            .. more,
        ];
        return Problems.Collect(all, x =>
        {
            var file = x.Of.FileBelow(RefLocks);
            if (StageInputs.Read(Pipeline.Inputs.Require(x.Inputs, nameof(BuildService))).Values
                .GetValueOrDefault(ImageSettings.LockInput) != LockOf(x.Of).Digest)
                throw new ProblemException(new Problem($"{x.Of} was not built from what this lock names",
                    ShownAs(file), Remedy: "Build it with --hermetic"));
            return Materials.OfLock(Path.GetRelativePath(RefLocks, file).Replace('\\', '/'), File.ReadAllText(file));
        });
    }

    static IReadOnlyDictionary<string, string> InputsIn(AbsolutePath directory) =>
        StageInputs.Read(Inputs.Require(directory / "inputs.json", nameof(BuildService))).Values;

    /// <summary>What stands in for an image on this machine's disk is nowhere else to be found.</summary>
    static ResourceDescriptor External(string name, string? insteadOf, string reference, string digest) =>
        insteadOf is not null && ImageReference.IsPath(insteadOf)
            ? ResourceDescriptor.OfFile(name, digest)
            : ResourceDescriptor.OfImage(name, reference, digest);
}
