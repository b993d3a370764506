using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Sbom;
using OpenStack.Signing;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline;

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
            var work = (await ProvenancesAsync()).Select(x => (x.Directory, x.Provenance, Stage: SignatureStage(x.Directory, x.Provenance, publicKey?.Digest ?? $"keyless {signer.Identity}"))).ToList();
            var made = 0;
            if (work.Any(x => !x.Stage.IsUpToDate))
            {
                await CosignProgram.RequireAsync();
                var imageSigner = new ImageSigner(CosignProgram, signer, signer.Key is null ? null : await OfflineConfigurationAsync(), publicKey);
                made = (await Task.WhenAll(work.Select(x => x.Stage.MakeAsync(aside => SignAsync(imageSigner, x.Directory, x.Provenance, aside))))).Count(x => x);
            }

            foreach (var (directory, _, stage) in work)
                Log.Information("{Image} {Digest}: {Count} bundles", ShownAs(directory), OciLayout.Open(directory / "image").Digest, AttachedBundle.ReadAll(stage.Output / "bundles.json").Count);
            ReportSummary(x => x.AddPair("Signed", made == 0 ? "nothing, up to date" : $"{made} images as {(object?)signer.Key ?? signer.Identity}"));
        });

    /// <summary>Everything that is said of an image, and by whom: as long as it is the same, nothing is signed again.</summary>
    Stage SignatureStage(AbsolutePath directory, Provenance provenance, string identity)
    {
        var layout = OciLayout.Open(Inputs.Require(directory / "image", nameof(BuildService)));
        var inputs = new StageInputs().Add("signer", identity).Add("image", layout.Digest).Add("provenance", Digest.OfText(provenance.ToJson()));
        foreach (var manifest in layout.Manifests()) inputs.Add($"{ImageSigner.NameOf(manifest)}.manifest", manifest.Digest).Add($"{ImageSigner.NameOf(manifest)}.sbom", Digest.OfFile(SbomOf(directory, manifest)));
        return new Stage(directory / "signatures", inputs);
    }

    static AbsolutePath SbomOf(AbsolutePath directory, OciDescriptor manifest) => Inputs.Require(directory / "sbom" / SbomFiles.NameOf(manifest.Platform!), nameof(Sbom));

    static async Task SignAsync(ImageSigner signer, AbsolutePath directory, Provenance provenance, AbsolutePath aside)
    {
        Directory.CreateDirectory(aside);
        var layout = OciLayout.Open(directory / "image");
        AbsolutePath WriteProvenance(OciDescriptor manifest)
        {
            var file = aside / $"provenance-{ImageSigner.NameOf(manifest)}.json";
            File.WriteAllText(file, (manifest.Platform is { } platform ? provenance.OfPlatform(platform, isPart: manifest.Digest != layout.Digest) : provenance).ToJson());
            return file;
        }

        File.WriteAllText(aside / "signature.json", "{}\n");
        var attestations = ImageSigner.AttestationsOf(layout, x => SbomOf(directory, x), WriteProvenance, aside / "signature.json");
        AttachedBundle.WriteAll(aside / "bundles.json", await signer.SignAsync(attestations, aside));
    }

    /// <summary>Where the images come from: python-base, and the selected ones.</summary>
    async Task<IReadOnlyList<(AbsolutePath Directory, Provenance Provenance)>> ProvenancesAsync()
    {
        var build = await BuildRevisionAsync();
        var builder = Builder.Of(Environment.GetEnvironmentVariable);
        var repository = Materials.OfRepository(build, await RepositoryUrlAsync());
        Provenance Of(string image, AbsolutePath directory)
        {
            var tags = PublishedTags.Read(Inputs.Require(directory / "tags.json", nameof(Tags)));
            return new Provenance(image, new PublicationTarget(tags.Repository, [.. tags.Tags.Select(x => x.Name)], [.. tags.Tags.Where(x => x.Mutable).Select(x => x.Name)]), StageInputs.Read(Inputs.Require(directory / "inputs.json", nameof(BuildService))).Values)
            {
                Platforms = [.. OciLayout.Open(Inputs.Require(directory / "image", nameof(BuildService))).Manifests().Select(x => x.Platform!)],
                Builder = builder,
                BuilderVersion = build.Commit + (build.IsDirty ? "-modified" : ""),
            };
        }

        var pythonBase = Of(BaseImages.PythonBase, ArtifactsDirectory / "base" / BaseImages.PythonBase);
        return
        [
            (ArtifactsDirectory / "base" / BaseImages.PythonBase, pythonBase with { Dependencies = [repository, DistributionOf(pythonBase)] }),
            .. Selection.Select(x =>
            {
                var service = Of(x.Component, x.Directory);
                return (x.Directory, service with { Release = x.Release.Name, Ref = SealedOf(x).Source.Source.Ref, Dependencies = [repository, .. DependenciesOf(x, service), DistributionOf(pythonBase), .. Uv()] });
            }),
        ];
    }

    IEnumerable<ResourceDescriptor> DependenciesOf(Workspace workspace, Provenance service) =>
    [
        .. Materials.OfSource(SealedOf(workspace), workspace.Release.Name, "source"),
        .. Libraries.Where(x => x.Release == workspace.Release).SelectMany(x => Materials.OfSource(SealedOf(x), x.Release.Name, $"source/{x.Component}")),
        .. Materials.OfConstraints(Inputs.Require(workspace.ConstraintsDirectory, nameof(Constrain))),
        .. service.Inputs.TryGetValue("wheelhouse.digest", out var digest) ? [ResourceDescriptor.OfDirectory("wheelhouse", digest)] : Array.Empty<ResourceDescriptor>(),
        ResourceDescriptor.OfImage(BaseImages.PythonBase, service.Inputs["base.name"], service.Inputs["base.digest"]),
        ResourceDescriptor.OfFile(BaseImages.VenvBuilder, service.Inputs["builder.digest"]),
    ];

    ResourceDescriptor DistributionOf(Provenance pythonBase) => External("distribution", BaseImage, pythonBase.Inputs["base.name"], pythonBase.Inputs["base.digest"]);

    IEnumerable<ResourceDescriptor> Uv()
    {
        var inputs = StageInputs.Read(Inputs.Require(ArtifactsDirectory / "base" / BaseImages.VenvBuilder / "inputs.json", nameof(BuildBase))).Values;
        yield return External("uv", UvImage, inputs["uv.name"], inputs["uv.digest"]);
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
