using System.Text.Json;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Signing;

namespace OpenStack.Tests.Signing.Verification;

/// <summary>What somebody may do to a published image, on the laboratory's registry and with its cosign.</summary>
[Trait("Group", "Lab")]
public sealed class ImageVerifierTests : IClassFixture<TestKeys>, IDisposable
{
    const string Fixed = "27.0.0-p0-main-a1b2c3d";

    static readonly string s_registry = File.Exists(TestKeys.Lab.RegistryFile) ? JsonDocument.Parse(File.ReadAllText(TestKeys.Lab.RegistryFile)).RootElement.GetProperty("address").GetString()! : "none";

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
            Assert.Equal([Tagged(tag).ToString(), "index", "linux/amd64", "linux/arm64"], verified.Checks.Select(x => x.Subject).Distinct());
        }

        foreach (var digest in _service.Manifests().Select(x => x.Digest).Append(_service.Digest))
        {
            (await StockAsync("verify", digest)).RequireSuccess();
            (await StockAsync("verify-attestation", digest, "--type", "slsaprovenance1")).RequireSuccess();
        }

        foreach (var platform in _service.Manifests()) (await StockAsync("verify-attestation", platform.Digest, "--type", "cyclonedx")).RequireSuccess();
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
        await PublishAsync([.. own.Select((x, i) => x.PredicateType == PredicateTypes.Signature ? x with { File = others[i].File } : x)]);
        await ExpectAsync(Tagged("2025.1"), $"its signature is that of another image, {_base.Digest}");
    }

    [Fact]
    public async Task ASignatureBySomebodyElseIsFound()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth(), _keys.Foreign));
        await ExpectAsync(Tagged("2025.1"), $"{_service.Digest}: its signature is signed by somebody else; expected by {_keys.Public}", $"{_service.Digest}: its provenance is signed by somebody else");
    }

    [Fact]
    public async Task AnAttestationWithoutASignatureIsFoundThoughCosignIsContent()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        await RewriteListAsync(_service.Manifests()[0].Digest, x => x.Where(y => !y.ToString().Contains(PredicateTypes.Signature, StringComparison.Ordinal)));
        await ExpectAsync(Tagged("2025.1"), $"{_service.Manifests()[0].Digest} (linux/amd64): it has an attestation without a signature (SBOM, provenance)");
    }

    [Fact]
    public async Task AnUnsignedImageIsFound()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        foreach (var digest in _service.Manifests().Select(x => x.Digest).Append(_service.Digest)) await RewriteListAsync(digest, _ => []);
        await ExpectAsync(Tagged("2025.1"), $"{_service.Digest}: it has no signature, and nothing else is attached to it", "it has no SBOM", "without provenance nothing says which tags it may have");
    }

    [Fact]
    public async Task AMovedTagIsFoundAndALaterBuildsIsNot()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        var later = _images.Service(_base, content: $"later {_namespace}");
        await PublishAsync(await _images.SignAsync(later, SignedImages.ProvenanceOf(_base, ["later", "2025.1"], ["2025.1"])), later, [new("later", false), new("2025.1", true)]);
        Assert.Empty((await VerifyAsync(new RegistryReference(s_registry, Repository, Digest: _service.Digest))).Checks.SelectMany(x => x.Problems));
        Assert.Empty((await VerifyAsync(Tagged("2025.1"))).Checks.SelectMany(x => x.Problems));

        await _client.PutManifestAsync(Repository, Fixed, OciMediaTypes.Index, File.ReadAllBytes(later.Blob(later.Digest)));
        await ExpectAsync(Tagged(Fixed), $"{Tagged(Fixed)}: the tag leads to {later.Digest}, which was not published under it; expected one of 2025.1, later");
        await ExpectAsync(Tagged("2025.1") with { Tag = null, Digest = _service.Digest }, $"{Tagged(Fixed)}: the tag, which never moves, leads to {later.Digest}; expected {_service.Digest}");
    }

    [Fact]
    public async Task AnOldImageUnderAMovingTagThatItNeverHadIsFound()
    {
        var old = _images.Service(_base, content: $"old {_namespace}");
        await PublishAsync(await _images.SignAsync(old, SignedImages.ProvenanceOf(_base, ["old"], [])), old, [new("old", false)]);
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        await _client.PutManifestAsync(Repository, "2025.1", OciMediaTypes.Index, File.ReadAllBytes(old.Blob(old.Digest)));
        await ExpectAsync(Tagged(Fixed), $"{Tagged("2025.1")}: the tag leads to {old.Digest}, which was not published under it");
        await ExpectAsync(Tagged("2025.1"), $"{Tagged("2025.1")}: the tag leads to {old.Digest}, which was not published under it");
    }

    [Fact]
    public async Task AnImageUnderTheNameOfAnotherIsFound()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        await PublishAsync(await _images.SignAsync(_base, SignedImages.ProvenanceOfBase), _base, [new("latest", true)]);
        await ExpectAsync(Tagged("latest"), "the image that is there is a python-base, published as ghcr.io/c5c3/python-base; expected a keystone");
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
        await RewriteListAsync(_service.Digest, x => x.Where(y => y.ToString().Contains(PredicateTypes.Signature, StringComparison.Ordinal)));
        await ExpectAsync(Tagged("2025.1"), $"{_service.Digest}: the list of what is attached to it has no provenance, only: signature");
    }

    [Fact]
    public async Task AListWithWhatBelongsToAnotherIsFound()
    {
        await PublishAsync(await _images.SignAsync(_service, Truth()));
        var list = await _client.GetManifestAsync(Repository, ReferrersIndex.TagOf(_service.Manifests()[0].Digest));
        await _client.PutManifestAsync(Repository, ReferrersIndex.TagOf(_service.Manifests()[1].Digest), OciMediaTypes.Index, list!.Content);
        await ExpectAsync(Tagged("2025.1"), $"is attached to {_service.Manifests()[0].Digest} and not to {_service.Manifests()[1].Digest}");
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
        await PublishAsync(await _images.SignAsync(_service, truth with { Inputs = new Dictionary<string, string>(truth.Inputs) { ["arg.PBR_VERSION"] = "28.0.0" } }));
        await ExpectAsync(Tagged("2025.1"), "the label org.opencontainers.image.version is '27.0.0'; expected '28.0.0', as its provenance says");
    }

    [Fact]
    public async Task AnotherBaseThanItSaysIsFound()
    {
        var image = _images.Service(_base, content: _namespace, baseContent: "something else");
        await PublishAsync(await _images.SignAsync(image, Truth()), image);
        await ExpectAsync(Tagged("2025.1"), $"its lowest layers are not those of {s_registry}/{_namespace}/python-base@{_base.Digest}, on which it says it is built");
    }

    [Fact]
    public async Task WhatIsNotThereIsOneProblem() =>
        Assert.Equal($"There is no image {Tagged("2025.1")}", Assert.Single((await VerifyAsync(Tagged("2025.1"))).Checks.SelectMany(x => x.Problems)).Found);

    Provenance Truth() => SignedImages.ProvenanceOf(_base, [Fixed, "2025.1"], ["2025.1"]);

    async Task PublishAsync(IReadOnlyList<AttachedBundle> bundles, OciLayout? image = null, IReadOnlyList<PublishedTag>? tags = null)
    {
        var directory = SignedImages.NewDirectory(_keys);
        await new Publication(_client).RunAsync(
        [
            new PublishedImage("python-base", _base, $"{_namespace}/{BaseImages.PythonBase}", await _keys.OnceAsync(() => _images.SignAsync(_base, SignedImages.ProvenanceOfBase)), [], directory / "base.json"),
            new PublishedImage("keystone", image ?? _service, Repository, bundles, tags ?? [new(Fixed, false), new("2025.1", true)], directory / "keystone.json"),
        ]);
    }

    async Task<VerifiedImage> VerifyAsync(RegistryReference reference)
    {
        var verifier = new ImageVerifier(_keys.Cosign, Trust.Of(_keys.Public, null, null), await _keys.Cosign.PublicKeyAsync(_keys.Public), _keys.Offline, Compare);
        return await verifier.VerifyAsync(_client, reference, SignedImages.NewDirectory(_keys));
    }

    static IReadOnlyList<string> Compare(OciLayout image, OciDescriptor platform, JsonElement sbom, Provenance? provenance)
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
        await _client.PutManifestAsync(Repository, tag, OciMediaTypes.Index, ReferrersIndex.Merge(change(ReferrersIndex.Read(list!.Content, tag)), []));
    }

    Task<CommandResult> StockAsync(string subcommand, string digest, params string[] arguments) =>
        new Command(TestKeys.Lab.Cosign, [subcommand, "--key", _keys.Public.Text, "--insecure-ignore-tlog=true", .. arguments, $"{s_registry}/{Repository}@{digest}"]).RunAsync();
}
