using System.Text.Json;
using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Sbom;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Pipeline.Publication;

/// <summary>Published images → whether they are what they say.</summary>
interface IVerify : IHazRegistry, IHazTrust, IHazSelection
{
    [Parameter("Images to verify, as registry/repository[:tag][@digest] - Default is the selected "
        + "services, as they are published")]
    string[] Image => TryGetValue(() => Image) ?? [];

    Target Verify => _ => _
        .Description("Verifies images from the registry alone: bytes, signatures, SBOMs, provenance, tags, labels")
        .TryAfter<IPush>(x => x.Push)
        .Executes(async () =>
        {
            var verifier = await VerifierAsync();
            var images = new List<VerifiedImage>();
            foreach (var reference in ImagesToVerify) images.Add(await VerifyAsync(verifier, reference));
            var report = new VerificationReport(images);
            AtomicFile.WriteText(ArtifactsDirectory / "verify.json", report.ToJson());
            // What is logged as an error is logged once more at the end, and a row without the others says nothing; the
            // problems are told below.
            Results.Table("Verified", report.Table);
            ReportSummary(x => x.AddPair("Verified", report.Summary));
            ProblemException.ThrowIfAny(report.Problems);
        });

    async Task<ImageVerifier> VerifierAsync()
    {
        var trust = Trust;
        await CosignProgram.RequireAsync();
        return new ImageVerifier(CosignProgram, trust, await TrustedKeyAsync(trust),
            trust.Key is null ? null : await OfflineConfigurationAsync(), CompareSbom);
    }

    async Task<VerifiedImage> VerifyAsync(ImageVerifier verifier, RegistryReference reference)
    {
        using var client = Open(reference.Registry);
        using var scratch = new ScratchDirectory(TemporaryDirectory);
        var image = await verifier.VerifyAsync(client, reference, scratch.Path / "image");
        return image.Checks.Count > 0 ? image : throw new ProblemException($"nothing of {image.Reference} was checked");
    }

    /// <summary>
    /// How the SBOM that is attached to a platform differs from one that is made of what the registry has.
    /// </summary>
    static IReadOnlyList<string> CompareSbom(
        OciLayout image, OciDescriptor platform, JsonElement attested, Provenance? provenance)
    {
        using var found = AttestedSbom.MadeAgain(image, platform, provenance?.Image ?? "image",
            provenance?.Inputs ?? new Dictionary<string, string>());
        return SbomDifference.Of(attested, found.RootElement);
    }

    /// <summary>
    /// The base image is looked at with every image that is built on it; by itself, where it is named.
    /// </summary>
    IEnumerable<RegistryReference> ImagesToVerify => Image.Length > 0
        ? Image.Select(RegistryReference.Parse)
        : Selection.Select(BuiltImage.Of)
            .Concat(Service.Contains(BaseImages.PythonBase) ? [PythonBase] : Array.Empty<BuiltImage>())
            .Select(PublishedTagOf);

    /// <summary>The first tag that was published from here, otherwise that of the newest image.</summary>
    RegistryReference PublishedTagOf(BuiltImage image)
    {
        var tag = File.Exists(image.TagsFile) ? image.ReadTags().Tags[0].Name : null;
        return PublishedAs(image.Name) with { Tag = tag ?? image.Service?.Release.Name ?? ImageTags.Newest };
    }
}
