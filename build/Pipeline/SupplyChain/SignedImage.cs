using Nuke.Common.IO;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Pipeline.SupplyChain;

/// <summary>
/// An image, and what is said of it and by whom: as long as that is the same, nothing is signed again.
/// </summary>
/// <param name="Image">The image.</param>
/// <param name="Provenances">Where it comes from, by digest.</param>
/// <param name="Identity">Who signs.</param>
/// <param name="Besides">What else is said of its platforms, by digest and type of the predicate.</param>
sealed record SignedImage(BuiltImage Image, IReadOnlyDictionary<string, Provenance> Provenances, string Identity,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Besides)
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
            foreach (var (digest, said) in Besides)
                foreach (var (type, predicate) in said) inputs.Add($"{digest}.{type}", Digest.OfText(predicate));
            return new Stage(Image.SignaturesDirectory, inputs);
        }
    }

    public async Task SignAsync(ImageSigner signer, AbsolutePath directory)
    {
        Directory.CreateDirectory(directory);
        AbsolutePath Write(string name, OciDescriptor manifest, string predicate)
        {
            var file = directory / $"{name}-{ImageSigner.NameOf(manifest)}.json";
            File.WriteAllText(file, predicate);
            return file;
        }

        File.WriteAllText(directory / "signature.json", "{}\n");
        var attestations = ImageSigner.AttestationsOf(
            Image.Open(), x => ISbom.SbomOf(Image, x),
            x => Write("provenance", x, Provenances[x.Digest].ToJson()), directory / "signature.json",
            x => (Besides.GetValueOrDefault(x.Digest) ?? new Dictionary<string, string>())
                .Select(y => (y.Key, Write(NameOf(y.Key), x, y.Value))));
        AttachedBundle.WriteAll(directory / "bundles.json", await signer.SignAsync(attestations, directory));
    }

    static string NameOf(string type) => type switch
    {
        PredicateTypes.CycloneDxVex => "vex",
        PredicateTypes.OpenVex => "openvex",
        _ => "test-result",
    };
}
