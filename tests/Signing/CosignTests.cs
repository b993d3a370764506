using System.Text.Json;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Signing;
using OpenStack.Storage;

namespace OpenStack.Tests.Signing;

[Trait("Group", "Lab")]
public sealed class CosignTests(TestKeys keys) : IClassFixture<TestKeys>
{
    const string Manifest = """{"schemaVersion":2}""";

    Attestation Attestation(string predicate, string type = PredicateTypes.Sbom)
    {
        var file = keys.Write($"manifest-{Guid.NewGuid():N}.json", Manifest);
        return new(new OciDescriptor(OciMediaTypes.Manifest, Digest.OfText(Manifest), Manifest.Length)
        {
            Platform = "linux/amd64",
        },
            file, type, keys.Write($"predicate-{Guid.NewGuid():N}.json", predicate), $"bundle-{Guid.NewGuid():N}");
    }

    async Task<AttachedBundle> SignAsync(Attestation attestation) =>
        (await new ImageSigner(keys.Cosign, new Signer(keys.Key, null), keys.Offline,
            await keys.Cosign.PublicKeyAsync(keys.Key)).SignAsync([attestation], keys.Directory))[0];

    [Fact]
    public async Task TheLaboratorysCosignCanAllThatIsNeeded() => await keys.Cosign.RequireAsync();

    [Fact]
    public void OnlyTheOwnerReadsTheLaboratorysKey() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
            OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(keys.Key.Text));

    [Theory]
    [InlineData("{}", PredicateTypes.Signature)]
    [InlineData(
        """{"bomFormat":"CycloneDX","number":1.50,"text":"ü <&> \u0007","list":[1,2,{}],"large":123456789012}""",
        PredicateTypes.Sbom)]
    [InlineData("""{"buildDefinition":{"buildType":"https://example.org"},"runDetails":{}}""",
        PredicateTypes.Provenance)]
    public async Task ABundleSaysWhatItWasAskedToSay(string predicate, string type)
    {
        var bundle = SigstoreBundle.Read(File.ReadAllBytes((await SignAsync(Attestation(predicate, type))).File));
        Assert.Equal([Digest.OfText(Manifest)], bundle.Statement.Subjects);
        Assert.Equal(type, bundle.Statement.PredicateType);
        using var given = JsonDocument.Parse(predicate);
        Assert.True(JsonElement.DeepEquals(given.RootElement, bundle.Statement.Predicate));
    }

    [Fact]
    public async Task SignaturesAreToldApartByTheirKeys()
    {
        var bundle = SigstoreBundle.Read(File.ReadAllBytes((await SignAsync(Attestation("{}"))).File));
        Assert.True((await keys.Cosign.PublicKeyAsync(keys.Key)).Signed(bundle));
        Assert.False((await keys.Cosign.PublicKeyAsync(keys.Foreign)).Signed(bundle));
        var altered = bundle with { Payload = [.. bundle.Payload, (byte)' '] };
        Assert.False((await keys.Cosign.PublicKeyAsync(keys.Key)).Signed(altered));
    }

    [Fact]
    public async Task AKeyMayBeInAVariable()
    {
        var variable = $"KEY_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(variable, File.ReadAllText(keys.Key.Text));
        var key = KeyReference.Of($"env://{variable}", "--signing-key", keys.Directory);
        Assert.Equal((await keys.Cosign.PublicKeyAsync(keys.Key)).Digest,
            (await keys.Cosign.PublicKeyAsync(key)).Digest);
    }

    [Fact]
    public async Task AKeyWithAPasswordIsNotAskedFor()
    {
        var directory = keys.Directory / "locked";
        Directory.CreateDirectory(directory);
        await (new Command(TestKeys.Lab.Cosign, "generate-key-pair")
        {
            WorkingDirectory = directory,
            Environment = new Dictionary<string, string?> { ["COSIGN_PASSWORD"] = "s3cret" },
        }).RequireAsync();
        var signer = new Signer(KeyReference.Of(directory / "cosign.key", "--signing-key", directory), null);
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            keys.Cosign.AttestAsync(Attestation("{}"), signer, keys.Offline, keys.Directory / "locked.json"));
        Assert.Equal($"The signing key {directory / "cosign.key"} does not open with the empty password, and "
            + "COSIGN_PASSWORD is not set. Set COSIGN_PASSWORD to the password of the key", problem.Message);
    }

    [Fact]
    public async Task AFileThatIsNoKeyIsNamed()
    {
        var signer = new Signer(new KeyReference(keys.Write("no.key", "hello"), IsHere: true), null);
        var problem = await Assert.ThrowsAsync<ProblemException>(() =>
            keys.Cosign.AttestAsync(Attestation("{}"), signer, keys.Offline, keys.Directory / "no.json"));
        Assert.StartsWith($"cosign cannot use the key {keys.Directory / "no.key"}: ", problem.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManySignSideBySide()
    {
        var bundles = await new ImageSigner(keys.Cosign, new Signer(keys.Key, null), keys.Offline,
            await keys.Cosign.PublicKeyAsync(keys.Key))
            .SignAsync([.. Enumerable.Range(0, 12).Select(x => Attestation($$"""{"n":{{x}}}"""))], keys.Directory);
        Assert.Equal(Enumerable.Range(0, 12), bundles.Select(x =>
            SigstoreBundle.Read(File.ReadAllBytes(x.File)).Statement.Predicate.GetProperty("n").GetInt32()));
    }
}
