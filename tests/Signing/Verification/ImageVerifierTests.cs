using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Signing;
using OpenStack.Storage;
using OpenStack.Tests.Oci;

namespace OpenStack.Tests.Signing.Verification;

/// <summary>What somebody may do to a published image, on the laboratory's registry and with its cosign.</summary>
[Trait("Group", "Lab")]
public sealed class ImageVerifierTests : IClassFixture<TestKeys>, IDisposable
{
    const string Fixed = SignedImages.Fixed;

    static readonly string s_registry = SignedImages.Registry;

    readonly TestKeys _keys;
    readonly SignedImages _images;
    readonly RegistryClient _client = new(s_registry);
    readonly OciLayout _base;
    readonly OciLayout _service;

    /// <summary>Every test has a namespace of its own.</summary>
    readonly string _namespace = $"t{Guid.NewGuid():N}";

    public ImageVerifierTests(TestKeys keys)
    {
        (_keys, _images) = (keys, new SignedImages(keys));
        _base = _images.Base();
        _service = _images.Service(_base, content: $"keystone {_namespace}");
    }

    string Repository => $"{_namespace}/keystone";

    RegistryReference Tagged(string tag) => new(s_registry, Repository, tag);

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task AnImageThatNobodyTamperedWithPassesAndStockCosignAgrees()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        foreach (var tag in (string[])[Fixed, "2025.1"])
        {
            var verified = await VerifyAsync(Tagged(tag));
            Assert.Empty(verified.Checks.SelectMany(x => x.Problems));
            Assert.Equal(_service.Digest, verified.Digest);
            Assert.Equal([Tagged(tag).ToString(), "index", "linux/amd64", "linux/arm64"],
                verified.Checks.Select(x => x.Subject).Distinct());
        }

        foreach (var digest in _service.Manifests().Select(x => x.Digest).Append(_service.Digest))
        {
            (await StockAsync("verify", digest)).RequireSuccess();
            (await StockAsync("verify-attestation", digest, "--type", "slsaprovenance1")).RequireSuccess();
        }

        foreach (var platform in _service.Manifests())
            (await StockAsync("verify-attestation", platform.Digest, "--type", "cyclonedx")).RequireSuccess();
    }

    [Fact]
    public async Task AFlippedByteInALayerIsFound()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        var layer = _service.ReadManifest(_service.Manifests()[1].Digest).Layers[1].Digest[7..];
        var file = TestKeys.Lab.RegistryData / "data/docker/registry/v2/blobs/sha256" / layer[..2] / layer / "data";
        var bytes = File.ReadAllBytes(file);
        bytes[3] ^= 1;
        File.WriteAllBytes(file, bytes);
        await ExpectAsync(Tagged("2025.1"), $"sha256:{layer}");
    }

    [Fact]
    public async Task ASignatureOfAnotherImageIsFound()
    {
        var others = await _images.SignAsync(_base, SignedImages.ProvenanceOfBase);
        var own = await _images.SignAsync(_service, Truth());
        await PublishAsync([.. own.Select((x, i) => x.PredicateType == PredicateTypes.Signature
            ? x with { File = others[i].File }
            : x)]);
        await ExpectAsync(Tagged("2025.1"), $"its signature is that of another image, {_base.Digest}");
    }

    [Fact]
    public async Task ASignatureBySomebodyElseIsFound()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth(), _keys.Foreign));
        await ExpectAsync(Tagged("2025.1"),
            $"{_service.Digest}: its signature is signed by somebody else; expected by {_keys.Public}",
            $"{_service.Digest}: its provenance is signed by somebody else");
    }

    [Fact]
    public async Task AnAttestationWithoutASignatureIsFoundThoughCosignIsContent()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        await RewriteListAsync(_service.Manifests()[0].Digest,
            x => x.Where(y => !y.ToString().Contains(PredicateTypes.Signature, StringComparison.Ordinal)));
        await ExpectAsync(Tagged("2025.1"), $"{_service.Manifests()[0].Digest} (linux/amd64): it has an attestation "
            + "without a signature (SBOM, provenance)");
    }

    [Fact]
    public async Task AnUnsignedImageIsFound()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        foreach (var digest in _service.Manifests().Select(x => x.Digest).Append(_service.Digest))
            await RewriteListAsync(digest, _ => []);
        await ExpectAsync(Tagged("2025.1"),
            $"{_service.Digest}: it has no signature, and nothing else is attached to it", "it has no SBOM",
            "without provenance nothing says which tags it may have");
    }

    [Fact]
    public async Task AMovedTagIsFoundAndALaterBuildsIsNot()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        var later = _images.Service(_base, content: $"later {_namespace}");
        await PublishAsync(
            await _images.SignAsync(later, SignedImages.ProvenanceOf(_base, ["later", "2025.1"], ["2025.1"])), later,
            [new("later", false), new("2025.1", true)]);
        Assert.Empty((await VerifyAsync(new RegistryReference(s_registry, Repository, Digest: _service.Digest))).Checks
            .SelectMany(x => x.Problems));
        Assert.Empty((await VerifyAsync(Tagged("2025.1"))).Checks.SelectMany(x => x.Problems));

        await _client.PutManifestAsync(Repository, Fixed, OciMediaTypes.Index,
            File.ReadAllBytes(later.Blob(later.Digest)));
        await ExpectAsync(Tagged(Fixed), $"{Tagged(Fixed)}: the tag leads to {later.Digest}, which was not published "
            + "under it; expected one of 2025.1, later");
        await ExpectAsync(Tagged("2025.1") with { Tag = null, Digest = _service.Digest },
            $"{Tagged(Fixed)}: the tag, which never moves, leads to {later.Digest}; expected {_service.Digest}");
    }

    [Fact]
    public async Task AnOldImageUnderAMovingTagThatItNeverHadIsFound()
    {
        var old = _images.Service(_base, content: $"old {_namespace}");
        await PublishAsync(await _images.SignAsync(old, SignedImages.ProvenanceOf(_base, ["old"], [])), old,
            [new("old", false)]);
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        await _client.PutManifestAsync(Repository, "2025.1", OciMediaTypes.Index,
            File.ReadAllBytes(old.Blob(old.Digest)));
        await ExpectAsync(Tagged(Fixed),
            $"{Tagged("2025.1")}: the tag leads to {old.Digest}, which was not published under it");
        await ExpectAsync(Tagged("2025.1"),
            $"{Tagged("2025.1")}: the tag leads to {old.Digest}, which was not published under it");
    }

    [Fact]
    public async Task AnImageUnderTheNameOfAnotherIsFound()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        await PublishAsync(await _images.SignAsync(_base, SignedImages.ProvenanceOfBase), _base, [new("latest", true)]);
        await ExpectAsync(Tagged("latest"),
            "the image that is there is a python-base, published as ghcr.io/c5c3/python-base; expected a keystone");
    }

    [Fact]
    public async Task AListThatNamesWhatIsNotThereIsFound()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        // A registry checks that the parts of an index are there; what becomes of them later it does not.
        var lost = await _client.GetManifestAsync(Repository, ReferrersIndex.TagOf(_service.Digest));
        Assert.NotNull(lost);
        var entries = ReferrersIndex.Read(lost.Content, "list");
        var victim = entries[0].GetProperty("digest").GetString()!;
        Assert.True(await _client.DeleteManifestAsync(Repository, victim));
        await ExpectAsync(Tagged("2025.1"), $"is stale: it names {victim}, which is not there");
    }

    [Fact]
    public async Task AListThatIsBehindIsFound()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        await RewriteListAsync(_service.Digest,
            x => x.Where(y => y.ToString().Contains(PredicateTypes.Signature, StringComparison.Ordinal)));
        await ExpectAsync(Tagged("2025.1"),
            $"{_service.Digest}: the list of what is attached to it has no provenance, only: signature");
    }

    [Fact]
    public async Task AListWithWhatBelongsToAnotherIsFound()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        var list = await _client.GetManifestAsync(Repository, ReferrersIndex.TagOf(_service.Manifests()[0].Digest));
        await _client.PutManifestAsync(Repository, ReferrersIndex.TagOf(_service.Manifests()[1].Digest),
            OciMediaTypes.Index, list!.Content);
        await ExpectAsync(Tagged("2025.1"),
            $"is attached to {_service.Manifests()[0].Digest} and not to {_service.Manifests()[1].Digest}");
    }

    [Fact]
    public async Task TheSbomOfAnotherImageIsFound()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth(), sbomOf: _base));
        await ExpectAsync(Tagged("2025.1"), $"{_service.Manifests()[0].Digest}: the SBOM is not that of the image: ");
    }

    [Fact]
    public async Task LabelsThatAreNotTrueAreFound()
    {
        var truth = Truth();
        await PublishAsync(await _images.SignAsync(_service,
            truth with { Inputs = new Dictionary<string, string>(truth.Inputs) { ["arg.PBR_VERSION"] = "28.0.0" } }));
        await ExpectAsync(Tagged("2025.1"),
            "the label org.opencontainers.image.version is '27.0.0'; expected '28.0.0', as its provenance says");
    }

    [Fact]
    public async Task AnotherBaseThanItSaysIsFound()
    {
        var image = _images.Service(_base, content: _namespace, baseContent: "something else");
        await PublishAsync(await _images.SignAsync(image, Truth()), image);
        await ExpectAsync(Tagged("2025.1"), "its lowest layers are not those of "
            + $"{s_registry}/{_namespace}/python-base@{_base.Digest}, on which it says it is built");
    }

    /// <summary>What others attach is told, and makes nothing worse (in-toto: monotonic).</summary>
    [Theory]
    [InlineData("an index", "something else is attached: ")]
    [InlineData("an SBOM of another type", "something else is attached: ")]
    [InlineData("what is no bundle and says that it is", "is no Sigstore bundle")]
    [InlineData("a bundle by somebody else", "SBOM: one by somebody else, which does not count")]
    [InlineData("provenance of another buildType by the same signer", "its provenance is not one of this build")]
    [InlineData("another SBOM by the same signer", "another SBOM by the same signer differs from the image")]
    public async Task WhatOthersAttachChangesNothing(string what, string note)
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        var subject = _service.Manifests()[0];
        await AttachAsync(subject, what);
        var verified = await VerifyAsync(Tagged("2025.1"));
        Assert.Empty(verified.Checks.SelectMany(x => x.Problems));
        Assert.Equal(Verdict.Yes, verified.Verdict);
        Assert.Contains(verified.Checks.Where(x => x.Subject == "linux/amd64").SelectMany(x => x.Notes),
            x => x.Contains(note, StringComparison.Ordinal));
        (await StockAsync("verify", subject.Digest)).RequireSuccess();
        // Nor is it taken for the image's own SBOM.
        var sboms = await SbomsAsync(_keys.Public);
        Assert.Equal(["linux/amd64", "linux/arm64"], sboms.Select(x => x.Platform));
        using var sbom = JsonDocument.Parse(sboms[0].Json);
        if (what != "another SBOM by the same signer") Assert.Empty(Compare(_service, subject, sbom.RootElement, null));
        else Assert.Contains("signed 2 different ones", sboms[0].Doubt, StringComparison.Ordinal);
    }

    /// <summary>Without a key nobody can say which of two is the image's own.</summary>
    [Fact]
    public async Task WhoseSbomItIsIsNotGuessed()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        Assert.All(await SbomsAsync(null), x =>
            Assert.Contains("its signature was not looked at", x.Doubt, StringComparison.Ordinal));
        Assert.All(await SbomsAsync(_keys.Public), x => Assert.Null(x.Doubt));
        var problem = await Assert.ThrowsAsync<ProblemException>(() => SbomsAsync(_keys.ForeignPublic));
        Assert.Contains($"has an SBOM attached, and none by {_keys.ForeignPublic}", problem.Message,
            StringComparison.Ordinal);
        Assert.False(problem.IsUnknown);
        await AttachAsync(_service.Manifests()[0], "a bundle by somebody else");
        Assert.All(await SbomsAsync(_keys.Public), x => Assert.Null(x.Doubt));
        problem = await Assert.ThrowsAsync<ProblemException>(() => SbomsAsync(null));
        Assert.Contains("has 2 different SBOMs attached, and nothing says whose counts. Give --verification-key",
            problem.Message, StringComparison.Ordinal);
        Assert.True(problem.IsUnknown);
    }

    [Fact]
    public async Task AnEditedBundleIsToldAsThat()
    {
        var bundles = await _images.SignAsync(_service, Truth());
        var bundle = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(bundles[1].File))!;
        var payload =
            System.Text.Encoding.UTF8.GetString(
            Convert.FromBase64String(bundle["dsseEnvelope"]!["payload"]!.GetValue<string>()));
        bundle["dsseEnvelope"]!["payload"] =
            Convert.ToBase64String(
            System.Text.Encoding.UTF8.GetBytes(payload.Replace("27.0.0", "28.0.0", StringComparison.Ordinal)));
        var file = SignedImages.NewDirectory(_keys) / "edited.json";
        Directory.CreateDirectory(file.Parent!);
        File.WriteAllText(file, bundle.ToJsonString());
        Assert.Equal(PredicateTypes.Provenance, bundles[1].PredicateType);
        await PublishAsync([.. bundles.Select((x, i) => i == 1 ? x with { File = file } : x)]);
        await ExpectAsync(Tagged("2025.1"),
            "its provenance is not what was signed: it names the key, and the signature is not of this text");
    }

    /// <summary>What cannot be asked is not known; neither right nor wrong.</summary>
    [Theory]
    [InlineData(501, "")]
    [InlineData(200, "<!DOCTYPE html><html></html>")]
    [InlineData(200, "{\"manifests\":null}")]
    public async Task AListThatCannotBeReadIsNotAnEmptyOne(int status, string body)
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        // A registry whose own list is none, and that has, or has not, the index that takes its place.
        var hasIndex = true;
        using var registry = new HttpServer(request =>
        {
            var path = request.Url!.AbsolutePath;
            if (path.Contains("/referrers/", StringComparison.Ordinal))
                return (status, System.Text.Encoding.UTF8.GetBytes(body), [("Content-Type", OciMediaTypes.Index)]);
            if (!hasIndex && path.Contains("/manifests/sha256-", StringComparison.Ordinal)) return (404, [], []);
            using var http = new HttpClient();
            using var asked =
                new HttpRequestMessage(new HttpMethod(request.HttpMethod), $"http://{s_registry}{request.RawUrl}");
            foreach (var type in request.Headers.GetValues("Accept") ?? [])
                asked.Headers.TryAddWithoutValidation("Accept", type);
            using var answer = http.Send(asked);
            return ((int)answer.StatusCode, new BinaryReader(answer.Content.ReadAsStream()).ReadBytes(1 << 22),
                [("Content-Type", answer.Content.Headers.ContentType?.ToString() ?? "text/plain")]);
        });
        var address = new Uri(registry.Address).Authority;
        using var client = TestRegistry.Open(address, budget: TimeSpan.FromSeconds(2));
        var found = await ListedBundles.OfAsync(client, Repository, _service.Digest);
        Assert.Equal((2, 1), (found.Bundles.Count, found.Doubts.Count));

        hasIndex = false;
        var verified = await VerifyAsync(client, new RegistryReference(address, Repository, "2025.1"));
        Assert.Equal(Verdict.Unknown, verified.Verdict);
        var problems = string.Join('\n', verified.Checks.SelectMany(x => x.Problems));
        Assert.Contains("nobody can tell whether it has a signature by", problems, StringComparison.Ordinal);
        Assert.DoesNotContain("until you know who did it", problems, StringComparison.Ordinal);
        Assert.Contains(verified.Checks, x => x.Verdict == Verdict.Yes);
        Assert.DoesNotContain(verified.Checks, x => x.Verdict == Verdict.No);
        var report = new VerificationReport([verified]);
        Assert.Equal("0 of 1 images, 1 not known", report.Summary);
        Assert.Contains("\"verified\": null", report.ToJson(), StringComparison.Ordinal);
        var sboms = await Assert.ThrowsAsync<ProblemException>(() => new AttachedSboms(_keys.Cosign, null, null, null)
            .OfAsync(client, new RegistryReference(address, Repository, "2025.1")));
        Assert.Contains("nobody can tell whether it has an SBOM", sboms.Message, StringComparison.Ordinal);
        Assert.True(sboms.IsUnknown);
    }

    [Fact]
    public async Task ARegistryThatDoesNotAnswerSaysNothingOfTheImage()
    {
        var address = TestRegistry.FreeAddress().ToString();
        using var client = TestRegistry.Open(address);
        var verified = await VerifyAsync(client, new RegistryReference(address, Repository, "2025.1"));
        Assert.Equal((Verdict.Unknown, null), (verified.Verdict, verified.Digest));
        Assert.Contains("cannot be reached: Connection refused",
            Assert.Single(verified.Checks.SelectMany(x => x.Problems)).Found, StringComparison.Ordinal);
        Assert.Equal(["not known", verified.Reference.ToString(), "every byte is what its digest says"],
            new VerificationReport([verified]).Table.Rows[1]);
    }

    /// <summary>An image that was built again and came out the same has two provenances; that of a build whose tags
    /// were never written makes nothing worse.</summary>
    [Fact]
    public async Task OneOfSeveralProvenancesIsEnough()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        var again =
            await _images.SignAsync(_service,
            SignedImages.ProvenanceOf(_base, ["never-written", "2025.1"], ["2025.1"]));
        foreach (var bundle in again.Where(x => x.PredicateType == PredicateTypes.Provenance))
            await AttachAsync(bundle);
        var verified = await VerifyAsync(Tagged("2025.1"));
        Assert.Equal(Verdict.Yes, verified.Verdict);
        Assert.Contains(verified.Checks.SelectMany(x => x.Notes), x =>
            x.Contains("never-written: there is no such tag", StringComparison.Ordinal));
    }

    /// <summary>BuildKit puts attestations beside the platforms of an index.</summary>
    [Fact]
    public async Task AttestationsOfBuildKitAreNoPlatformsAndAreTold()
    {
        var directory = SignedImages.NewDirectory(_keys);
        var foreign = new ForeignLayout(directory);
        var amd64 = foreign.Image("amd64", _namespace);
        var layout = foreign.Open(foreign.Index(ForeignLayout.With(amd64, "linux/amd64"), foreign.Attestation(amd64)));
        var attestation = foreign.Attestation(amd64);
        foreach (var blob in Directory.EnumerateFiles(directory / "blobs" / "sha256"))
        {
            var bytes = File.ReadAllBytes(blob);
            await _client.PushBlobAsync(Repository, new OciDescriptor("x", Digest.OfBytes(bytes), bytes.Length), () =>
                new MemoryStream(bytes));
        }

        foreach (
            var digest in (string[])[amd64["digest"]!.GetValue<string>(), attestation["digest"]!.GetValue<string>()])
            await _client.PutManifestAsync(Repository, digest, OciMediaTypes.Manifest,
                File.ReadAllBytes(layout.Blob(digest)));
        await _client.PutManifestAsync(Repository, "foreign", OciMediaTypes.Index,
            File.ReadAllBytes(layout.Blob(layout.Digest)));
        var verified = await VerifyAsync(Tagged("foreign"));
        Assert.Equal([Tagged("foreign").ToString(), "index", "linux/amd64"], verified.Checks.Select(x => x.Subject)
            .Distinct());
        Assert.Contains("attestation-manifest of BuildKit", Assert.Single(verified.Checks[0].Notes),
            StringComparison.Ordinal);
        Assert.True(verified.Checks[0].Holds);
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            new AttachedSboms(_keys.Cosign, null, null, null).OfAsync(_client, Tagged("foreign")));
        Assert.Contains($"@{amd64["digest"]} has no SBOM attached", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNotThereIsOneProblem() =>
        Assert.Equal($"There is no image {Tagged("2025.1")}",
            Assert.Single((await VerifyAsync(Tagged("2025.1"))).Checks.SelectMany(x => x.Problems)).Found);

    Provenance Truth() => SignedImages.ProvenanceOf(_base, [Fixed, "2025.1"], ["2025.1"]);

    Task PublishAsync(IReadOnlyList<AttachedBundle> bundles, OciLayout? image = null,
        IReadOnlyList<PublishedTag>? tags = null) =>
        _images.PublishAsync(_client, _namespace, _base, image ?? _service, bundles, tags);

    Task<VerifiedImage> VerifyAsync(RegistryReference reference) => VerifyAsync(_client, reference);

    async Task<IReadOnlyList<AttachedSbom>> SbomsAsync(KeyReference? key)
    {
        var trust = key is null ? null : Trust.Of(key, null, null);
        return await new AttachedSboms(_keys.Cosign, trust, key is null ? null
            : await _keys.Cosign.PublicKeyAsync(key), null).OfAsync(_client, Tagged("2025.1"));
    }

    async Task AttachAsync(OciDescriptor subject, string what)
    {
        AbsolutePath Write(string text)
        {
            var file = SignedImages.NewDirectory(_keys) / "text.json";
            AtomicFile.WriteText(file, text);
            return file;
        }

        async Task SayAsync(string type, string predicate, KeyReference key)
        {
            var attestation = new Attestation(subject, _service.Blob(subject.Digest), type, Write(predicate), "other");
            var bundle = SignedImages.NewDirectory(_keys) / "other.sigstore.json";
            Directory.CreateDirectory(bundle.Parent!);
            await _keys.Cosign.AttestAsync(attestation, new Signer(key, null), _keys.Offline, bundle);
            await AttachAsync(new AttachedBundle(subject, type, bundle));
        }

        var members =
            $$"""{"mediaType":"{{subject.MediaType}}","digest":"{{subject.Digest}}","size":{{subject.Size}}}""";
        switch (what)
        {
            case "an index":
                await AttachAsync(subject, OciMediaTypes.Index,
                    $$"""{"schemaVersion":2,"mediaType":"{{OciMediaTypes.Index}}","manifests":[],"subject":{{members}},"artifactType":"application/x"}""",
                    null);
                break;
            case "an SBOM of another type":
                await AttachAsync(subject, OciMediaTypes.Manifest, Artifact("application/spdx+json", members),
                    "application/spdx+json");
                break;
            case "what is no bundle and says that it is":
                var file = Write("<html>");
                await AttachAsync(new AttachedBundle(subject, PredicateTypes.Sbom, file));
                break;
            case "a bundle by somebody else":
                await SayAsync(PredicateTypes.Sbom, """{"bomFormat":"CycloneDX","components":[{"name":"x"}]}""",
                    _keys.Foreign);
                break;
            case "provenance of another buildType by the same signer":
                await SayAsync(PredicateTypes.Provenance,
                    """{"buildDefinition":{"buildType":"https://example.org/x"},"runDetails":{}}""", _keys.Key);
                break;
            default:
                await SayAsync(PredicateTypes.Sbom, """{"bomFormat":"CycloneDX","components":[{"name":"x"}]}""",
                    _keys.Key);
                break;
        }
    }

    async Task AttachAsync(AttachedBundle bundle)
    {
        var referrer = Referrer.Of(bundle);
        await _client.PushBlobAsync(Repository, referrer.BundleDescriptor, () =>
            new MemoryStream(referrer.BundleContent));
        await new Referrers(_client).AttachAsync(Repository, bundle.Subject.Digest, [referrer], default);
    }

    /// <summary>As other tools do it.</summary>
    async Task AttachAsync(OciDescriptor subject, string type, string manifest, string? artifactType)
    {
        var content = System.Text.Encoding.UTF8.GetBytes(manifest);
        await _client.PutManifestAsync(Repository, Digest.OfBytes(content), type, content);
        var entry = JsonDocument.Parse($$"""
            {"mediaType":"{{type}}","digest":"{{Digest.OfBytes(content)}}","size":{{content.Length}}
            {{(artifactType is null ? "" : $",\"artifactType\":\"{artifactType}\"")}} }
            """).RootElement;
        await RewriteListAsync(subject.Digest, x => [entry, .. x]);
    }

    static string Artifact(string type, string subject)
    {
        var empty = $$"""{"mediaType":"{{OciMediaTypes.Empty}}","digest":"{{OciDescriptor.Empty.Digest}}","size":2}""";
        return $$"""{"schemaVersion":2,"mediaType":"{{OciMediaTypes.Manifest}}","artifactType":"{{type}}","config":{{empty}},"layers":[{{empty}}],"subject":{{subject}} }""";
    }

    async Task<VerifiedImage> VerifyAsync(RegistryClient client, RegistryReference reference)
    {
        var verifier = new ImageVerifier(_keys.Cosign, Trust.Of(_keys.Public, null, null),
            await _keys.Cosign.PublicKeyAsync(_keys.Public), _keys.Offline, Compare);
        return await verifier.VerifyAsync(client, reference, SignedImages.NewDirectory(_keys));
    }

    static IReadOnlyList<string> Compare(OciLayout image, OciDescriptor platform, JsonElement sbom,
        Provenance? provenance)
    {
        using var expected = JsonDocument.Parse(SignedImages.SbomOf(image, platform));
        return JsonElement.DeepEquals(expected.RootElement, sbom) ? [] : ["its layers are others"];
    }

    async Task ExpectAsync(RegistryReference reference, params string[] problems)
    {
        var found = string.Join('\n', (await VerifyAsync(reference)).Checks.SelectMany(x => x.Problems));
        Assert.All(problems, x => Assert.Contains(x, found, StringComparison.Ordinal));
    }

    async Task RewriteListAsync(string subject, Func<IEnumerable<JsonElement>, IEnumerable<JsonElement>> change)
    {
        var tag = ReferrersIndex.TagOf(subject);
        var list = await _client.GetManifestAsync(Repository, tag);
        await _client.PutManifestAsync(Repository, tag, OciMediaTypes.Index,
            ReferrersIndex.Merge(change(ReferrersIndex.Read(list!.Content, tag)), []));
    }

    Task<CommandResult> StockAsync(string subcommand, string digest, params string[] arguments) =>
        new Command(TestKeys.Lab.Cosign, [subcommand, "--key", _keys.Public.Text, "--insecure-ignore-tlog=true",
            .. arguments, $"{s_registry}/{Repository}@{digest}"]).RunAsync();
}
