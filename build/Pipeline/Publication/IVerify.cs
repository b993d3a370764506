using System.Text.Json;
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Sbom;
using OpenStack.Signing;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Publication;

/// <summary>Published images → whether they are what they say.</summary>
interface IVerify : IHazRegistry, IHazTrust, IHazSigner, IHazSelection
{
    [Parameter("Reproduce: signs a statement about each image that came out the same, with --signing-key or as the "
        + "job; Verify: attaches a signed summary (SLSA VSA) to each image that passed")]
    bool Attest => TryGetValue<bool?>(() => Attest) ?? false;

    [Parameter("Images to verify, as registry/repository[:tag][@digest] - Default is the selected "
        + "services, as they are published")]
    string[] Image => TryGetValue(() => Image) ?? [];

    [Parameter("Verify: what an image has to have besides: 'tests' (a test result that did not fail), 'vex', 'notes' "
        + "- Default is nothing; what there is is told")]
    string[] RequireStatements => TryGetValue(() => RequireStatements) ?? [];

    Target Verify => _ => _
        .Description("Verifies images from the registry alone: bytes, signatures, SBOMs, provenance, tags, labels; "
            + "reads what else is said of them: test results, VEX, release notes")
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
        // Without a key nobody waits for it.
        if (Attest) _ = Signer;
        await CosignProgram.RequireAsync();
        return new ImageVerifier(CosignProgram, trust, await TrustedKeyAsync(trust),
            trust.Key is null ? null : await OfflineConfigurationAsync(), CompareSbom)
        {
            Required = [.. RequireStatements.Select(TypeOf)],
        };
    }

    /// <exception cref="ProblemException">It is no kind of statement.</exception>
    static string TypeOf(string kind) => kind switch
    {
        "tests" => PredicateTypes.TestResult,
        "vex" => PredicateTypes.OpenVex,
        "notes" => PredicateTypes.ReleaseNotes,
        _ => throw new ProblemException(new Problem($"--require-statements has '{kind}'",
            Expected: "tests, vex or notes")),
    };

    async Task<VerifiedImage> VerifyAsync(ImageVerifier verifier, RegistryReference reference)
    {
        using var client = Open(Run.Watch, reference.Registry, toPush: Attest);
        using var scratch = new ScratchDirectory(TemporaryDirectory);
        var image = await verifier.VerifyAsync(client, reference, scratch.Path / "image");
        if (Attest && image.Verdict == Verdict.Yes) await AttestAsync(client, image, scratch.Path);
        return image.Checks.Count > 0 ? image : throw new ProblemException($"nothing of {image.Reference} was checked");
    }

    async Task AttestAsync(RegistryClient client, VerifiedImage image, AbsolutePath directory)
    {
        var layout = OciLayout.Open(directory / "image");
        var version = await new OwnRepository(RootDirectory / ".git").HeadAsync("The summary names its commit");
        AtomicFile.WriteText(directory / "summary.json", VerificationSummary.Of(image,
            Builder.Of(Environment.GetEnvironmentVariable), version, DateTimeOffset.UtcNow));
        var bundles = await (await SignerAsync()).SignAsync([new Attestation(layout.Root, layout.Blob(layout.Digest),
            PredicateTypes.VerificationSummary, directory / "summary.json", "summary")], directory);
        foreach (var bundle in bundles)
            await new Referrers(client).AttachAsync(image.Reference.Repository, bundle);
        Log.Information("{Image} has a summary attached, signed as {Signer}: {Level}",
            $"{image.Reference.Name}@{image.Digest}", Signer.Name, image.Level);
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
