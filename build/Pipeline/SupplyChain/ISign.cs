using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Sbom;
using OpenStack.Signing;
using Serilog;

namespace OpenStack.Pipeline.SupplyChain;

/// <summary>Image, SBOM and provenance → bundles that are attached to the image when it is published.</summary>
interface ISign : IHazProvenance, IHazSigner
{
    Target Sign => _ => _
        .Description("Signs python-base and the selected images, their SBOMs and their provenance, before "
            + "any registry has seen them")
        .DependsOn<ISbom>(x => x.Sbom)
        .DependsOn<ITags>(x => x.Tags)
        .TryAfter<ITestImage>(x => x.TestImage)
        .TryAfter<ITestSource>(x => x.TestSource)
        .TryAfter<ITestSet>(x => x.TestSet)
        .Executes(async () =>
        {
            var signer = Signer;
            var publicKey = signer.Key is null ? null : await CosignProgram.PublicKeyAsync(signer.Key);
            var provenances = await ProvenancesAsync();
            var work = Each(Images, x => x.Service, x => new SignedImage(x, provenances(x),
                publicKey?.Digest ?? $"keyless {signer.Identity}", SaidBesides(x)));
            var made = work.All(x => x.Stage.IsUpToDate) ? 0 : await SignAsync(work, signer, publicKey);
            foreach (var (image, stage) in work.Select(x => (x.Image, x.Stage)))
                Log.Information("{Image} {Digest}: {Count} bundles", image, image.Open().Digest,
                    AttachedBundle.ReadAll(stage.Output / "bundles.json").Count);
            ReportSummary(x => x.AddPair("Signed", made == 0 ? "nothing, up to date"
                : $"{made} images as {(object?)signer.Key ?? signer.Identity}"));
        });

    /// <summary>What else is said of each platform of an image, by type: only what there is to say.</summary>
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> SaidBesides(BuiltImage image)
    {
        var layout = image.Open();
        var said = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var manifest in image.Service is null ? [] : layout.Manifests())
        {
            var predicates = new SortedDictionary<string, string>(StringComparer.Ordinal);
            var results = ResultsOf(image, manifest).ToList();
            if (results.Count > 0) predicates.Add(PredicateTypes.TestResult, TestResult.Joined(results));
            var sbom = SbomOf(image, manifest);
            var list = BomList.Read(sbom, ShownAs(sbom));
            if (MendedIn(image.Service!, list) is { Count: > 0 } mended)
            {
                var subject = VexSubjectOf(image.Service!);
                predicates.Add(PredicateTypes.CycloneDxVex, SbomFiles.Vex(layout, list, subject, mended,
                    SbomFiles.VersionOf(CyclonedxVersion)));
                predicates.Add(PredicateTypes.OpenVex, SbomFiles.OpenVex(layout, list, subject, mended));
            }

            said.Add(manifest.Digest, predicates);
        }

        return said;
    }

    /// <summary>What tests have shown of a platform, those of upstream as well.</summary>
    static IEnumerable<string> ResultsOf(BuiltImage image, OciDescriptor manifest)
    {
        var platform = manifest.Platform!;
        foreach (var file in new[] { image.TestResultOf(platform), image.SourceTestResultOf(platform),
            image.PatchTestResultOf(platform), image.SetTestResultOf(platform) })
        {
            var result = TestResult.Read(file, manifest.Digest, out var doubt);
            if (doubt is not null) Log.Warning("{Doubt}: it is not signed", doubt);
            if (result is not null) yield return result;
        }
    }

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
