using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Reproduction;
using OpenStack.Signing;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Publication;

/// <summary>Published images → whether they come out the same when somebody else builds them.</summary>
interface IReproduce : IVerify, ISign
{
    AbsolutePath ReproductionsDirectory => ArtifactsDirectory / "reproductions";

    Target Reproduce => _ => _
        .Description("Builds published images again, from the registry and their provenance alone, and compares "
            + "digests")
        .TryAfter<IPush>(x => x.Push)
        .TryAfter<IVerify>(x => x.Verify)
        .Executes(async () =>
        {
            var verifier = await VerifierAsync();
            var images = new List<ReproducedImage>();
            foreach (var reference in ImagesToVerify) images.AddRange(await ReproduceAsync(verifier, reference));
            AtomicFile.WriteText(ReproductionsDirectory / "reproduce.json", ReproducedImage.ToJson(images));
            Results.Table("Built again", ReproducedImage.TableOf(images));
            ReportSummary(x => x.AddPair("Reproduced", $"{images.Count(y => y.IsSame)} of {images.Count}"));
            ProblemException.ThrowIfAny([.. images.Select(x => x.Problem).OfType<Problem>()]);
        });

    async Task<IReadOnlyList<ReproducedImage>> ReproduceAsync(ImageVerifier verifier, RegistryReference reference)
    {
        using var client = Open(Run.Watch, reference.Registry);
        using var scratch = new ScratchDirectory(TemporaryDirectory);
        var verified = await verifier.VerifyAsync(client, reference, scratch.Path / "image");
        if (verified.Verdict != Verdict.Yes)
            throw new ProblemException([.. new VerificationReport([verified]).Problems]);
        var image = OciLayout.Open(scratch.Path / "image");
        var manifests = image.Manifests().Where(x => Platforms.Contains(x.Platform)).ToList();
        foreach (var other in image.Manifests().Except(manifests))
            Log.Information("{Image} for {Platform} is not built again: --platform names it", reference,
                other.Platform);
        if (manifests.Count == 0)
            throw new ProblemException($"{reference} has no platform {string.Join(", ", Platforms)}",
                "Name one that it has with --platform: "
                + string.Join(", ", image.Manifests().Select(x => x.Platform)));
        var images = new List<ReproducedImage>();
        foreach (var manifest in manifests)
            images.Add(await ReproduceAsync(image, manifest, $"{reference.Name}@{manifest.Digest}",
                verified.Provenances[manifest.Digest]));
        return images;
    }

    async Task<ReproducedImage> ReproduceAsync(OciLayout image, OciDescriptor manifest, string pinned,
        IReadOnlyList<Provenance> said)
    {
        // It may have been published before it was built from locks, too, and have come out the same.
        var provenance = said.FirstOrDefault(x => x.IsHermetic) ?? said[0];
        var recipe = BuildRecipe.Of(provenance, pinned);
        var gaps = ReproductionGaps.Of(provenance);
        if (gaps.Count > 0) Log.Warning("{Image} is not what anybody could build again:\n{Gaps}", pinned,
            string.Join('\n', gaps.Select(x => $"  {x}")));
        var rebuild = new Rebuild(recipe, TemporaryDirectory / "reproduce");
        Log.Information("{Image} for {Platform} is built again at commit {Commit}", recipe.Image, recipe.Platform,
            recipe.Commit);
        await rebuild.RunAsync(new OwnRepository(RootDirectory / ".git"), Places, new Progress().Report);
        var reproduced = ReproducedImage.Of(pinned, image, manifest, provenance, rebuild);
        if (reproduced.IsSame && Attest) await AttestAsync(image, manifest, recipe.Image,
            ReproductionStatement.Of(reproduced, provenance, Builder.Of(Environment.GetEnvironmentVariable)));
        return reproduced;
    }

    /// <summary>
    /// Where things are on this machine: what is found there is compared with the locks, so that it may be anywhere.
    /// </summary>
    IReadOnlyList<string> Places =>
    [
        .. Given("--docker", DockerProgram == "docker" ? null : DockerProgram),
        .. Given("--git-base", GitBase), .. Given("--git-mirror", AsPath(GitMirror)),
        .. Given("--base-image", AsPath(BaseImage)), .. Given("--uv-image", AsPath(UvImage)),
        .. Given("--ca-bundle", CaBundle), .. Given("--apt-sources", AptSources),
        .. Given("--apt-keyring", AptKeyring), .. Given("--apt-auth", AptAuth),
        .. Given("--default-index", DefaultIndex),
        .. Index.Length == 0 ? [] : new[] { "--index" }.Concat(Index),
        .. Given("--wheelhouse", Wheelhouse), .. Given("--pins", Pins), .. Given("--input-store", InputStore),
        .. InputMirrors.Length == 0 ? [] : new[] { "--input-mirrors" }.Concat(InputMirrors),
        .. RegistryMirrors.Length == 0 ? [] : new[] { "--registry-mirrors" }.Concat(RegistryMirrors),
        .. RefInsteadOf.Length == 0 ? [] : new[] { "--ref-instead-of" }.Concat(RefInsteadOf),
    ];

    static IEnumerable<string> Given(string name, string? value) => value is null ? [] : [name, value];

    /// <summary>A path is relative to this repository, and the other build runs in another.</summary>
    string? AsPath(string? place) => place is not null && OpenStack.Images.ImageReference.IsPath(place)
        ? Path.GetFullPath(place, RootDirectory)
        : place;

    async Task AttestAsync(OciLayout image, OciDescriptor manifest, string name, string predicate)
    {
        var file = ReproductionsDirectory / $"{name}-{ImageSigner.NameOf(manifest)}";
        AtomicFile.WriteText($"{file}.json", predicate);
        var bundles = await (await SignerAsync()).SignAsync(
            [
                new Attestation(manifest, image.Blob(manifest.Digest), PredicateTypes.Provenance, $"{file}.json",
                    Path.GetFileName(file)),
            ], ReproductionsDirectory);
        Log.Information("{File} says so, signed as {Signer}", ShownAs(bundles[0].File), Signer.Name);
    }
}
