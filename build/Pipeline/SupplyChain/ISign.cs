using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Signing;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.SupplyChain;

/// <summary>Image, SBOM and provenance → bundles that are attached to the image when it is published.</summary>
interface ISign : IHazProvenance, IHazCosign
{
    [Parameter("Key to sign with: a file, env://VARIABLE or the URI of a key management service, as cosign takes them "
        + "- Default is, in CI, the job's own identity")]
    string? SigningKey => TryGetValue(() => SigningKey);

    Target Sign => _ => _
        .Description("Signs python-base and the selected images, their SBOMs and their provenance, before "
            + "any registry has seen them")
        .DependsOn<ISbom>(x => x.Sbom)
        .DependsOn<ITags>(x => x.Tags)
        .Executes(async () =>
        {
            var signer = SignerOf(SigningKey);
            var publicKey = signer.Key is null ? null : await CosignProgram.PublicKeyAsync(signer.Key);
            var provenances = await ProvenancesAsync();
            var work = Problems.Collect(Images, x => new SignedImage(x, provenances(x),
                publicKey?.Digest ?? $"keyless {signer.Identity}"));
            var made = work.All(x => x.Stage.IsUpToDate) ? 0 : await SignAsync(work, signer, publicKey);
            foreach (var (image, stage) in work.Select(x => (x.Image, x.Stage)))
                Log.Information("{Image} {Digest}: {Count} bundles", image, image.Open().Digest,
                    AttachedBundle.ReadAll(stage.Output / "bundles.json").Count);
            ReportSummary(x => x.AddPair("Signed", made == 0 ? "nothing, up to date"
                : $"{made} images as {(object?)signer.Key ?? signer.Identity}"));
        });

    Signer SignerOf(string? key) => Signer.Of(
        key is null ? null : KeyReference.Of(key, "--signing-key", RootDirectory), Environment.GetEnvironmentVariable);

    /// <returns>How many images were not signed yet.</returns>
    async Task<int> SignAsync(IEnumerable<SignedImage> images, Signer signer, PublicKey? publicKey)
    {
        await CosignProgram.RequireAsync();
        var offline = signer.Key is null ? null : await OfflineConfigurationAsync();
        var imageSigner = new ImageSigner(CosignProgram, signer, offline, publicKey);
        var made = images.Select(x => x.Stage.MakeAsync(aside => x.SignAsync(imageSigner, aside)));
        return (await Task.WhenAll(made)).Count(x => x);
    }
}

/// <summary>
/// An image, and what is said of it and by whom: as long as that is the same, nothing is signed again.
/// </summary>
/// <param name="Image">The image.</param>
/// <param name="Provenances">Where it comes from, by digest.</param>
/// <param name="Identity">Who signs.</param>
sealed record SignedImage(BuiltImage Image, IReadOnlyDictionary<string, Provenance> Provenances, string Identity)
{
    public Stage Stage
    {
        get
        {
            var inputs = new StageInputs().Add("signer", Identity);
            foreach (var (digest, provenance) in Provenances)
                inputs.Add($"{digest}.provenance", Digest.OfText(provenance.ToJson()));
            foreach (var manifest in Image.Open().Manifests())
                inputs.Add($"{manifest.Digest}.sbom", Digest.OfFile(ISbom.SbomOf(Image, manifest)));
            return new Stage(Image.SignaturesDirectory, inputs);
        }
    }

    public async Task SignAsync(ImageSigner signer, AbsolutePath directory)
    {
        Directory.CreateDirectory(directory);
        AbsolutePath WriteProvenance(OciDescriptor manifest)
        {
            var file = directory / $"provenance-{ImageSigner.NameOf(manifest)}.json";
            File.WriteAllText(file, Provenances[manifest.Digest].ToJson());
            return file;
        }

        File.WriteAllText(directory / "signature.json", "{}\n");
        var attestations = ImageSigner.AttestationsOf(
            Image.Open(), x => ISbom.SbomOf(Image, x), WriteProvenance, directory / "signature.json");
        AttachedBundle.WriteAll(directory / "bundles.json", await signer.SignAsync(attestations, directory));
    }
}
