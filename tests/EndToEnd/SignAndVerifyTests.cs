using System.Text.Json;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Sbom;
using OpenStack.Signing;
using OpenStack.Sources;
using OpenStack.Storage;
using OpenStack.Tests.Signing;
using OpenStack.Tests.Signing.Verification;

namespace OpenStack.Tests.EndToEnd;

/// <summary>
/// The targets Sign and Verify on small images that stand where the build leaves its own, with the laboratory's cosign
/// and registry.
/// </summary>
[Trait("Group", "Lab")]
public sealed class SignAndVerifyTests : IClassFixture<TestKeys>, IDisposable
{
    readonly RepositoryCopy _repository = new();
    readonly string _namespace =
        $"{JsonNode.Parse(File.ReadAllText(TestKeys.Lab.RegistryFile))!["address"]}/t{Guid.NewGuid():N}";
    readonly SignedImages _images;
    readonly string _keys = $"--cosign {TestKeys.Lab.Cosign} --signing-key {TestKeys.Lab.Signing / "cosign.key"}";

    public SignAndVerifyTests(TestKeys keys)
    {
        _images = new SignedImages(keys);
        var (pythonBase, service) = (_images.Base(), _images.Service(_images.Base(), content: _namespace));
        var commit = new string('e', 40);
        Prepare(_repository.Root / "artifacts/base/python-base",
            platform => $"artifacts/base/platforms/{platform}/python-base", pythonBase, "python-base",
            SignedImages.ProvenanceOfBase.Inputs);
        Prepare(_repository.Service, platform => $"artifacts/2025.1/keystone/platforms/{platform}", service, "keystone",
            SignedImages.ProvenanceOf(pythonBase, [], []).Inputs);
        foreach (var platform in (string[])["linux-amd64", "linux-arm64"])
        {
            _repository.Write($"artifacts/2025.1/keystone/platforms/{platform}/distributions.json", "[]\n");
            _repository.Write($"artifacts/base/platforms/{platform}/venv-builder/inputs.json", new StageInputs()
                .Add("uv.name", "ghcr.io/astral-sh/uv:0.9")
                .Add("uv.digest", Digest.OfText("uv"))
                .ToJson());
        }

        _repository.Write("artifacts/2025.1/keystone/constraints/constraints.txt", "a===1\n");
        new SealedTree(new SourceTree(new ResolvedRef("keystone", "https://opendev.org/openstack/keystone", "27.0.0",
            RefKind.Tag, commit), DateTimeOffset.UnixEpoch, "keystone", "27.0.0"), [])
            .Write(_repository.Service / "source/sealed.json");
        RepositoryCopy.Git(_repository.Root, "init", "--quiet", "--initial-branch=main");
        RepositoryCopy.Git(_repository.Root, "commit", "--quiet", "--allow-empty", "-m", "first");
    }

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task WhatIsSignedIsNotSignedAgainUntilSomethingChanges()
    {
        Assert.Contains("2 images as", (await SignAsync()).ShouldSucceed().Output, StringComparison.Ordinal);
        var bundles = AttachedBundle.ReadAll(_repository.Service / "signatures/bundles.json");
        Assert.Equal(8, bundles.Count);
        var first = Digest.OfDirectory(_repository.Service / "signatures");
        Assert.Contains("Signed: nothing, up to date", (await SignAsync()).ShouldSucceed().Output,
            StringComparison.Ordinal);
        Assert.Equal(first, Digest.OfDirectory(_repository.Service / "signatures"));

        _repository.Edit("artifacts/2025.1/keystone/tags.json", "\"fixed\"", "\"other\"");
        Assert.Contains("1 images as", (await SignAsync()).ShouldSucceed().Output, StringComparison.Ordinal);
        Assert.NotEqual(first, Digest.OfDirectory(_repository.Service / "signatures"));
    }

    [Fact]
    public async Task WhatIsMissingIsToldWithARemedy()
    {
        (await _repository.RunAsync("Sign --service keystone --release 2025.1 --skip --no-logo --cosign no-such-cosign "
            + "--signing-key releases/2025.1/source-refs.yaml"))
            .ShouldFail("'no-such-cosign' cannot be started: there is no such program on PATH. Install cosign 3");
        (await _repository.RunAsync("Sign --service keystone --release 2025.1 --skip --no-logo "
            + $"--cosign {TestKeys.Lab.Cosign}")).ShouldFail("There is no key to sign with. Give --signing-key");
        File.Delete(_repository.Service / "sbom/linux-arm64.cdx.json");
        (await SignAsync()).ShouldFail("sbom/linux-arm64.cdx.json is not there. Run the target Sbom first");
        Assert.False(Directory.Exists(_repository.Service / "signatures"));
    }

    [Fact]
    public async Task KilledAtAnyMomentAndRunAgainEverythingIsSigned()
    {
        foreach (var seconds in (double[])[0.4, 0.7, 1.0, 1.3, 1.6])
            await _repository.KillAsync($"Sign --service keystone --release 2025.1 --skip --no-logo {_keys}",
                TimeSpan.FromSeconds(seconds));
        (await SignAsync()).ShouldSucceed();
        Assert.Equal(8, AttachedBundle.ReadAll(_repository.Service / "signatures/bundles.json").Count);
    }

    [Fact]
    public async Task WhatWasPushedIsVerifiedAndWhatWasTamperedWithIsNot()
    {
        (await SignAsync()).ShouldSucceed();
        (await _repository.RunAsync("Push --service keystone --release 2025.1 --skip "
            + $"--no-logo --push-to {_namespace}")).ShouldSucceed();
        (await VerifyAsync("--service keystone --release 2025.1")).ShouldSucceed();
        (await VerifyAsync($"--image {_namespace}/keystone:2025.1 {_namespace}/python-base:2025.1")).ShouldSucceed();
        Assert.All(JsonNode.Parse(File.ReadAllText(_repository.Root / "artifacts/verify.json"))!.AsArray(),
            x => Assert.True(x!["verified"]!.GetValue<bool>()));

        var reference = RegistryReference.Parse($"{_namespace}/keystone:2025.1");
        using var client = new RegistryClient(reference.Registry);
        var manifest = OciLayout.Open(_repository.Service / "image").Manifests()[0].Digest;
        await client.PutManifestAsync(reference.Repository, "2025.1", OciMediaTypes.Manifest,
            File.ReadAllBytes(OciLayout.Open(_repository.Service / "image").Blob(manifest)));
        // Not the image that was published, though signed: a part of it.
        (await VerifyAsync("--service keystone --release 2025.1"))
            .ShouldFail($"{reference}: the tag leads to {manifest}, which was not published under it");
        (await VerifyAsync($"--image {reference}")).ShouldFail($"{reference}: the tag leads to {manifest}, which was "
            + "not published under it; expected no tag to lead to it");
        Assert.False(JsonNode.Parse(File.ReadAllText(_repository.Root / "artifacts/verify.json"))![0]!["verified"]!
            .GetValue<bool>());
        (await _repository.RunAsync($"Verify --image {reference} --no-logo --cosign {TestKeys.Lab.Cosign}"))
            .ShouldFail("Nothing says whose signatures count. Give --verification-key");
    }

    [Fact]
    public async Task WhatAnImageBringsAndHowItWasTestedIsSaidOfItAndTheVerificationToo()
    {
        string PartOf(string platform) => $"artifacts/2025.1/keystone/platforms/{platform}";
        (await SignAsync()).ShouldSucceed();
        var first = (await PushAsync()).ShouldSucceed();
        Assert.Contains("keystone 2025.1 is the first that is published as 2025.1",
            first.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);

        // The next build: tested on one platform, and on the other one before it was built anew.
        var before = OciLayout.Open(_repository.Service / "image").Digest;
        Directory.Delete(_repository.Service / "image", recursive: true);
        Directory.Delete(_repository.Service / "sbom", recursive: true);
        Prepare(_repository.Service, PartOf, _images.Service(_images.Base(), content: $"{_namespace} 2"), "keystone",
            SignedImages.ProvenanceOf(_images.Base(), [], []).Inputs);
        _repository.Edit("artifacts/2025.1/keystone/tags.json", "\"fixed\"", "\"other\"");
        var layout = OciLayout.Open(_repository.Service / "image");
        foreach (var (platform, digest) in (ValueTuple<string, string>[])
            [("linux-amd64", layout.Manifests()[0].Digest), ("linux-arm64", before)])
            _repository.Write($"{PartOf(platform)}/test-result.json", TestResult.Of(("keystone", digest), [],
                [new ContractCheck("it starts", true, "")], [], null));
        Assert.Contains("it is not signed", (await SignAsync()).ShouldSucceed().Output, StringComparison.Ordinal);
        Assert.Equal(9, AttachedBundle.ReadAll(_repository.Service / "signatures/bundles.json").Count);
        Assert.Contains("brings 0 commits in 0 components", (await PushAsync()).ShouldSucceed().Output
            .ReplaceLineEndings(" "), StringComparison.Ordinal);
        using var notes = JsonDocument.Parse(
            File.ReadAllText(_repository.Service / "notes/release-notes.json"));
        Assert.Equal($"{_namespace}/keystone@{before}", notes.RootElement.GetProperty("from").GetString());
        // Once more: the tag leads to it already, and what was said stays.
        Assert.Contains("nothing, unchanged", (await PushAsync()).ShouldSucceed().Output, StringComparison.Ordinal);

        const string selection = "--service keystone --release 2025.1";
        (await VerifyAsync($"{selection} --require-statements notes --attest"))
            .ShouldFail("There is no key to sign with");
        var verified = (await VerifyAsync($"{selection} --require-statements notes --attest --signing-key "
            + $"{TestKeys.Lab.Signing / "cosign.key"}")).ShouldSucceed().Output.ReplaceLineEndings(" ");
        Assert.Contains($"what it brings that {_namespace}/keystone@{before} has not", verified,
            StringComparison.Ordinal);
        Assert.Contains("test result: PASSED, 1 passed", verified, StringComparison.Ordinal);
        (await VerifyAsync($"{selection} --require-statements tests")).ShouldFail("it has no test result");
        (await VerifyAsync($"{selection} --require-statements all")).ShouldFail("expected tests, vex or notes");
        Assert.Contains("verification summary: PASSED", (await VerifyAsync(selection)).ShouldSucceed().Output,
            StringComparison.Ordinal);

        // Whoever cannot sign publishes nevertheless.
        File.Delete(_repository.Service / "published.json");
        (await _repository.RunAsync($"Push {selection} --skip --no-logo --push-to {_namespace}2")).ShouldSucceed();
    }

    Task<BuildRun> PushAsync() => _repository.RunAsync(
        $"Push --service keystone --release 2025.1 --skip --no-logo --push-to {_namespace} {_keys}");

    Task<BuildRun> SignAsync() =>
        _repository.RunAsync($"Sign --service keystone --release 2025.1 --skip --no-logo {_keys}");

    Task<BuildRun> VerifyAsync(string images) =>
        _repository.RunAsync($"Verify {images} --no-logo --push-to {_namespace} --cosign {TestKeys.Lab.Cosign} "
            + $"--verification-key {TestKeys.Lab.Signing / "cosign.pub"}");

    void Prepare(AbsolutePath directory, Func<string, string> partOf, OciLayout image, string name,
        IReadOnlyDictionary<string, string> known)
    {
        Directory.CreateDirectory(directory);
        Directory.Move(image.Directory, directory / "image");
        var inputs = new StageInputs().Add("builder.digest", Digest.OfText("builder"));
        foreach (var (key, value) in known) inputs.Add(key, value);
        File.WriteAllText(directory / "inputs.json", inputs.ToJson());
        foreach (var platform in (string[])["linux-amd64", "linux-arm64"])
            _repository.Write($"{partOf(platform)}/inputs.json", inputs.ToJson());
        SbomFiles.Write(OciLayout.Open(directory / "image"), new BomSubject(name, "ghcr.io/c5c3"),
            CycloneDX.SpecificationVersion.v1_6, directory / "sbom");
        File.WriteAllText(directory / "tags.json", $$"""
            {"repository":"ghcr.io/c5c3/{{name}}","tags":[{"name":"fixed","mutable":false,"meaning":""},{"name":"2025.1","mutable":true,"meaning":""}]}
            """);
    }
}
