using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Signing;
using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.Wheels;
using Serilog;

namespace OpenStack.Pipeline.SupplyChain;

/// <summary>Image, SBOM and provenance → bundles that are attached to the image when it is published.</summary>
interface ISign : ISbom, ITags, IHazCosign
{
    [Parameter("Key to sign with: a file, env://VARIABLE or the URI of a key management service, as cosign takes them - Default is, in CI, the job's own identity")]
    string? SigningKey => TryGetValue(() => SigningKey);

    Target Sign => _ => _
        .Description("Signs python-base and the selected images, their SBOMs and their provenance, before any registry has seen them")
        .DependsOn<ISbom>(x => x.Sbom)
        .DependsOn<ITags>(x => x.Tags)
        .Executes(async () =>
        {
            var signer = Signer.Of(SigningKey is null ? null : KeyReference.Of(SigningKey, "--signing-key", RootDirectory), Environment.GetEnvironmentVariable);
            var publicKey = signer.Key is null ? null : await CosignProgram.PublicKeyAsync(signer.Key);
            var statements = await ProvenancesAsync();
            var work = Images.Select(x => (Image: x, Provenances: statements(x)))
                .Select(x => (x.Image, x.Provenances, Stage: SignatureStage(x.Image, x.Provenances, publicKey?.Digest ?? $"keyless {signer.Identity}"))).ToList();
            var made = 0;
            if (work.Any(x => !x.Stage.IsUpToDate))
            {
                await CosignProgram.RequireAsync();
                var imageSigner = new ImageSigner(CosignProgram, signer, signer.Key is null ? null : await OfflineConfigurationAsync(), publicKey);
                made = (await Task.WhenAll(work.Select(x => x.Stage.MakeAsync(aside => SignAsync(imageSigner, x.Image, x.Provenances, aside))))).Count(x => x);
            }

            foreach (var (image, _, stage) in work)
                Log.Information("{Image} {Digest}: {Count} bundles", image, image.Open().Digest, AttachedBundle.ReadAll(stage.Output / "bundles.json").Count);
            ReportSummary(x => x.AddPair("Signed", made == 0 ? "nothing, up to date" : $"{made} images as {(object?)signer.Key ?? signer.Identity}"));
        });

    /// <summary>Everything that is said of an image, and by whom: as long as it is the same, nothing is signed again.</summary>
    static Stage SignatureStage(BuiltImage image, IReadOnlyDictionary<string, Provenance> provenances, string identity)
    {
        var inputs = new StageInputs().Add("signer", identity);
        foreach (var (digest, provenance) in provenances) inputs.Add($"{digest}.provenance", Digest.OfText(provenance.ToJson()));
        foreach (var manifest in image.Open().Manifests())
            inputs.Add($"{manifest.Digest}.sbom", Digest.OfFile(SbomOf(image, manifest)));
        return new Stage(image.Directory / "signatures", inputs);
    }

    static async Task SignAsync(ImageSigner signer, BuiltImage image, IReadOnlyDictionary<string, Provenance> provenances, AbsolutePath aside)
    {
        Directory.CreateDirectory(aside);
        AbsolutePath WriteProvenance(OciDescriptor manifest)
        {
            var file = aside / $"provenance-{ImageSigner.NameOf(manifest)}.json";
            File.WriteAllText(file, provenances[manifest.Digest].ToJson());
            return file;
        }

        File.WriteAllText(aside / "signature.json", "{}\n");
        var attestations = ImageSigner.AttestationsOf(image.Open(), x => SbomOf(image, x), WriteProvenance,
            aside / "signature.json");
        AttachedBundle.WriteAll(aside / "bundles.json", await signer.SignAsync(attestations, aside));
    }

    /// <summary>Where an image comes from: each of its platforms' manifests and, where there are several, their index, by digest.</summary>
    async Task<Func<BuiltImage, IReadOnlyDictionary<string, Provenance>>> ProvenancesAsync()
    {
        var build = await BuildRevisionAsync();
        var builder = Builder.Of(Environment.GetEnvironmentVariable);
        var repositoryUrl = await RepositoryUrlAsync();
        var origins = Selection.ToDictionary(x => x, x => OriginOf(x).Of(build));
        return image =>
        {
            var made = image.Service is null ? build : origins[image.Service];
            var layout = image.Open();
            var tags = PublishedTags.Read(Inputs.Require(image.Directory / "tags.json", nameof(Tags)));
            Provenance Of(AbsolutePath inputs, IReadOnlyList<OciDescriptor> platforms) => new(
                image.Name,
                new PublicationTarget(tags.Repository, [.. tags.Tags.Select(x => x.Name)], [.. tags.Tags.Where(x => x.Mutable).Select(x => x.Name)]),
                StageInputs.Read(Inputs.Require(inputs / "inputs.json", nameof(BuildService))).Values)
            {
                Release = image.Service?.Release.Name,
                Ref = image.Service is null ? null : SealedOf(image.Service).Source.Source.Ref,
                Platforms = [.. platforms.Select(x => x.Platform!)],
                Dependencies = [.. platforms.SelectMany(x => DependenciesOf(image, x.Platform!))
                    .Prepend(Materials.OfRepository(made, repositoryUrl)).DistinctBy(x => x.ToJson().ToJsonString())],
                Builder = builder,
                BuilderVersion = made.Commit + (made.IsDirty ? "-modified" : ""),
            };

            var manifests = layout.Manifests();
            var provenances = manifests.ToDictionary(x => x.Digest, x => Of(image.PartOf(x.Platform!), [x]));
            // One manifest alone is the image; the parts of an index are not.
            if (provenances.ContainsKey(layout.Digest)) return provenances;
            foreach (var part in manifests) provenances[part.Digest] = provenances[part.Digest].AsPart();
            provenances.Add(layout.Digest, Of(image.Directory, manifests));
            return provenances;
        };
    }

    /// <summary>What one platform of an image is made of.</summary>
    IEnumerable<ResourceDescriptor> DependenciesOf(BuiltImage image, string platform)
    {
        IReadOnlyDictionary<string, string> InputsOf(AbsolutePath part) => StageInputs.Read(Inputs.Require(part / "inputs.json", nameof(BuildService))).Values;
        var (pythonBase, venvBuilder) = (InputsOf(PythonBase.PartOf(platform)), InputsOf(BuiltImage.BasesOf(ArtifactsDirectory, platform) / BaseImages.VenvBuilder));
        var distribution = External("distribution", BaseImage, pythonBase["base.name"], pythonBase["base.digest"]);
        if (image.Service is not { } service) return [distribution];
        var inputs = InputsOf(image.PartOf(platform));
        return
        [
            .. Materials.OfSource(SealedOf(service), service.Release.Name, "source"),
            .. Libraries.Where(x => x.Release == service.Release).SelectMany(x => Materials.OfSource(SealedOf(x), x.Release.Name, $"source/{x.Component}")),
            .. Materials.OfConstraints(Inputs.Require(service.ConstraintsDirectory, nameof(Constrain))),
            .. Materials.OfDistributions(DistributionFiles.Find(Inputs.Require(image.PartOf(platform) / DistributionFiles.FileName, nameof(BuildWheels)).Parent!)!),
            ResourceDescriptor.OfImage(BaseImages.PythonBase, inputs["base.name"], inputs["base.digest"]),
            ResourceDescriptor.OfFile(BaseImages.VenvBuilder, inputs["builder.digest"]),
            distribution,
            External("uv", UvImage, venvBuilder["uv.name"], venvBuilder["uv.digest"]),
        ];
    }

    /// <summary>What stands in for an image on this machine's disk is nowhere else to be found.</summary>
    static ResourceDescriptor External(string name, string? insteadOf, string reference, string digest) => insteadOf is not null && ImageReference.IsPath(insteadOf)
        ? ResourceDescriptor.OfFile(name, digest)
        : ResourceDescriptor.OfImage(name, reference, digest);

    /// <summary>Where others find this repository; null where its origin is on this machine, or there is none.</summary>
    async Task<string?> RepositoryUrlAsync()
    {
        if (Environment.GetEnvironmentVariable("GITHUB_REPOSITORY") is { Length: > 0 } name) return $"{Environment.GetEnvironmentVariable("GITHUB_SERVER_URL")}/{name}";
        var origin = await new Git { Directory = RootDirectory / ".git", WorkTree = RootDirectory }.Command("config", "--get", "remote.origin.url").RunAsync();
        return origin.Text.StartsWith("https://", StringComparison.Ordinal) || origin.Text.StartsWith("ssh://", StringComparison.Ordinal) ? RemoteUrl.WithoutCredentials(origin.Text) : null;
    }
}
