using System.Text.Json;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Signing;

namespace OpenStack.Tests.Signing.Verification;

/// <summary>What is said of an image besides, on the laboratory's registry and with its cosign.</summary>
[Trait("Group", "Lab")]
public sealed class FurtherStatementsTests(TestKeys keys) : IClassFixture<TestKeys>, IAsyncLifetime, IDisposable
{
    readonly SignedImages _images = new(keys);
    readonly RegistryClient _client = new(SignedImages.Registry);
    readonly RegistryReference _reference = new(SignedImages.Registry, $"t{Guid.NewGuid():N}/keystone", "2025.1");
    OciLayout _service = null!;

    public async Task InitializeAsync()
    {
        var @base = _images.Base();
        _service = _images.Service(@base, content: _reference.Repository);
        await _images.PublishAsync(_client, _reference.Repository.Split('/')[0], @base, _service,
            await _images.SignAsync(_service,
                SignedImages.ProvenanceOf(@base, [SignedImages.Fixed, "2025.1"], ["2025.1"])));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task WhatIsNotSaidIsToldAndMissedWhereItIsAskedFor()
    {
        var verified = await VerifyAsync();
        Assert.Equal(Verdict.Yes, verified.Verdict);
        Assert.Equal(["no test result, no OpenVEX"], Notes(verified, "linux/amd64").Where(IsNone));
        Assert.Equal(["no release notes"], Notes(verified, "index").Where(IsNone));
        Assert.Contains(Notes(verified, "index"), x =>
            x.StartsWith("SLSA build level 1: it is signed with a key", StringComparison.Ordinal));

        verified = await VerifyAsync(PredicateTypes.TestResult, PredicateTypes.ReleaseNotes);
        Assert.Equal(Verdict.No, verified.Verdict);
        Assert.Equal(3, Problems(verified).Count(x => x.Contains(": it has no ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task ATestResultCountsWhereItIsByWhomItShouldBe()
    {
        var (amd64, arm64) = (_service.Manifests()[0], _service.Manifests()[1]);
        await SayAsync(amd64, PredicateTypes.TestResult, Result(amd64, holds: true));
        await SayAsync(arm64, PredicateTypes.TestResult, Result(arm64, holds: true), keys.Foreign);
        var verified = await VerifyAsync(PredicateTypes.TestResult);
        Assert.Contains("test result: PASSED, 1 passed", Notes(verified, "linux/amd64"));
        Assert.Contains("test result: one by somebody else, which does not count", Notes(verified, "linux/arm64"));
        Assert.StartsWith($"{_reference.Name}@{arm64.Digest}: it has no test result", Assert.Single(Problems(verified)),
            StringComparison.Ordinal);
        (await new Command(TestKeys.Lab.Cosign, ["verify-attestation", "--key", keys.Public.Text,
            "--insecure-ignore-tlog=true", "--type", PredicateTypes.TestResult, $"{_reference.Name}@{amd64.Digest}"])
            .RunAsync()).RequireSuccess();

        // One that failed is told, and is a failure where it is asked for.
        await SayAsync(arm64, PredicateTypes.TestResult, Result(arm64, holds: false));
        Assert.Equal(Verdict.Yes, (await VerifyAsync()).Verdict);
        Assert.Contains("its test result is FAILED, 1 failed",
            Assert.Single(Problems(await VerifyAsync(PredicateTypes.TestResult))), StringComparison.Ordinal);
    }

    /// <summary>Other tools have forms of their own for what they call the same.</summary>
    [Fact]
    public async Task WhatHasAnotherFormIsToldAndNothingElse()
    {
        var amd64 = _service.Manifests()[0];
        foreach (var type in (string[])[PredicateTypes.TestResult, PredicateTypes.OpenVex, PredicateTypes.CycloneDxVex,
            PredicateTypes.VerificationSummary]) await SayAsync(amd64, type, """{"result": {"a": 1}}""");
        var verified = await VerifyAsync();
        Assert.Equal(Verdict.Yes, verified.Verdict);
        Assert.Equal(4, Notes(verified, "linux/amd64").Count(x =>
            x.Contains("of a form of somebody else's", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AVerificationCanItselfBeAttested()
    {
        var verified = await VerifyAsync();
        Assert.Equal(8, verified.Statements.Count);
        var predicate = VerificationSummary.Of(verified, Builder.Of(_ => null), "a1b2c3d", DateTimeOffset.UnixEpoch);
        using var json = JsonDocument.Parse(predicate);
        Assert.Equal(("PASSED", "SLSA_BUILD_LEVEL_1", "1970-01-01T00:00:00Z"),
            (json.RootElement.GetProperty("verificationResult").GetString(),
                json.RootElement.GetProperty("verifiedLevels")[0].GetString(),
                json.RootElement.GetProperty("timeVerified").GetString()));
        Assert.Equal(8, json.RootElement.GetProperty("inputAttestations").GetArrayLength());
        Assert.StartsWith("pkg:oci/keystone@sha256", json.RootElement.GetProperty("resourceUri").GetString(),
            StringComparison.Ordinal);
        await SayAsync(_service.Root, PredicateTypes.VerificationSummary, predicate);
        Assert.Contains("verification summary: PASSED at 1970-01-01T00:00:00Z by "
            + $"{VerificationSummary.Policy}#local, SLSA_BUILD_LEVEL_1", Notes(await VerifyAsync(), "index"));
    }

    async Task SayAsync(OciDescriptor subject, string type, string predicate, KeyReference? key = null)
    {
        var directory = SignedImages.NewDirectory(keys);
        Directory.CreateDirectory(directory);
        File.WriteAllText(directory / "predicate.json", predicate);
        await keys.Cosign.AttestAsync(new Attestation(subject, _service.Blob(subject.Digest), type,
            directory / "predicate.json", "x"), new Signer(key ?? keys.Key, null), keys.Offline, directory / "x.json");
        await new Referrers(_client).AttachAsync(_reference.Repository,
            new AttachedBundle(subject, type, directory / "x.json"));
    }

    static string Result(OciDescriptor manifest, bool holds)
    {
        using var json = JsonDocument.Parse(TestResult.Of(("keystone", manifest.Digest), [],
            [new ContractCheck("it starts", holds, "")], [], null));
        return json.RootElement.GetProperty("predicate").GetRawText();
    }

    async Task<VerifiedImage> VerifyAsync(params string[] required) => await new ImageVerifier(keys.Cosign,
        Trust.Of(keys.Public, null, null), await keys.Cosign.PublicKeyAsync(keys.Public), keys.Offline,
        (_, _, _, _) => [])
    { Required = required }
        .VerifyAsync(_client, _reference, SignedImages.NewDirectory(keys));

    static IReadOnlyList<string> Notes(VerifiedImage image, string subject) =>
        [.. image.Checks.Where(x => x.Subject == subject).SelectMany(x => x.Notes)];

    static IReadOnlyList<string> Problems(VerifiedImage image) =>
        [.. image.Checks.SelectMany(x => x.Problems).Select(x => x.Found)];

    static bool IsNone(string note) => note.StartsWith("no ", StringComparison.Ordinal);
}
