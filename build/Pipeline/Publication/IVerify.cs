using System.Text.Json;
using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Constraints;
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
    [Parameter("Images to verify, as registry/repository[:tag][@digest] - Default is the selected services, as they are published")]
    string[] Image => TryGetValue(() => Image) ?? [];

    Target Verify => _ => _
        .Description("Verifies images from the registry alone: bytes, signatures, SBOMs, provenance, tags, labels")
        .TryAfter<IPush>(x => x.Push)
        .Executes(async () =>
        {
            var trust = Trust;
            await CosignProgram.RequireAsync();
            var verifier =
                new ImageVerifier(CosignProgram, trust, await TrustedKeyAsync(trust), trust.Key is null ? null
                : await OfflineConfigurationAsync(), CompareSbom);
            var images = new List<VerifiedImage>();
            foreach (var reference in ImagesToVerify)
            {
                using var client = Open(reference.Registry);
                using var scratch = new ScratchDirectory(TemporaryDirectory);
                images.Add(await verifier.VerifyAsync(client, reference, scratch.Path / "image"));
            }

            if (images.FirstOrDefault(x => x.Checks.Count == 0) is { } unchecked_)
                throw new ProblemException($"nothing of {unchecked_.Reference} was checked");
            var report = new VerificationReport(images);
            AtomicFile.WriteText(ArtifactsDirectory / "verify.json", report.ToJson());
            // What is logged as an error is logged once more at the end, and a row without the others says nothing; the
            // problems are told below.
            Results.Table("Verified", report.Table);
            ReportSummary(x => x.AddPair("Verified", report.Summary));
            ProblemException.ThrowIfAny(report.Problems);
        });

    /// <summary>How the SBOM that is attached to a platform differs from one that is made of what the registry has.</summary>
    static IReadOnlyList<string> CompareSbom(OciLayout image, OciDescriptor platform, JsonElement attested, Provenance? provenance)
    {
        var args = provenance?.Inputs ?? new Dictionary<string, string>();
        // What was asked for decides on what depends on what.
        var extras = args.TryGetValue("arg.DISTRIBUTION", out var distribution)
            ? RequestedExtras.Of(
                distribution, ListOf(args, "arg.PIP_EXTRAS", ','), ListOf(args, "arg.PIP_PACKAGES", ' '))
            : new Dictionary<PythonName, IReadOnlyList<string>>();
        var subject = new BomSubject(provenance?.Image ?? "image", "localhost") { Extras = extras };
        using var found = JsonDocument.Parse(SbomFiles.Text(ImageBom.Of(Inventory.Read(image, image.ReadManifest(platform.Digest)), subject, CycloneDX.SpecificationVersion.v1_6)));
        return SbomDifference.Of(attested, found.RootElement);
    }

    static string[] ListOf(IReadOnlyDictionary<string, string> args, string name, char separator) =>
        args.GetValueOrDefault(name, "").Split(separator, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The base image is looked at with every image that is built on it; by itself, where it is named.</summary>
    IEnumerable<RegistryReference> ImagesToVerify => Image.Length > 0
        ? Image.Select(RegistryReference.Parse)
        : Selection.Select(BuiltImage.Of).Concat(Service.Contains(BaseImages.PythonBase) ? [PythonBase] : Array.Empty<BuiltImage>()).Select(PublishedTagOf);

    /// <summary>The first tag that was published from here, otherwise that of the newest image.</summary>
    RegistryReference PublishedTagOf(BuiltImage image)
    {
        var tags = image.Directory / "tags.json";
        return PublishedAs(image.Name) with { Tag = File.Exists(tags) ? PublishedTags.Read(tags).Tags[0].Name : image.Service?.Release.Name ?? ImageTags.Newest };
    }
}
