using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Signing;

namespace OpenStack.Tests.Signing;

public sealed class CosignProgramTests
{
    [Fact]
    public async Task WithoutCosignThereIsARemedy()
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(() => new Cosign("no-such-cosign").RequireAsync());
        Assert.StartsWith("'no-such-cosign' cannot be started: there is no such program on PATH. Install cosign 3",
            problem.Message, StringComparison.Ordinal);
        Assert.EndsWith("or name one with --cosign", problem.Message, StringComparison.Ordinal);
    }

    /// <summary>A program whose help is that of version 2.5, as far as it matters.</summary>
    [Fact]
    public async Task WhatAnOlderCosignLacksIsNamed()
    {
        AbsolutePath directory = Directory.CreateTempSubdirectory("cosign-").FullName;
        var program = directory / "cosign";
        File.WriteAllText(program, """
            #!/bin/sh
            case "$1" in
            attest-blob) printf 'Usage:\ncosign attest-blob [flags]\n\nFlags:\n    --bundle=%s:\n    --key=%s:\n' "''" "''" ;;
            *) echo "Error: unknown command \"$1\" for \"cosign\"" >&2; exit 1 ;;
            esac
            """);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var problem = await Assert.ThrowsAsync<ProblemException>(() => new Cosign(program).RequireAsync());
        Assert.StartsWith($"'{program}' is no cosign, or too old a one: it does not know 'attest-blob "
            + "--signing-config', 'attest-blob --trusted-root', 'signing-config create', 'trusted-root create'; "
            + "expected version 3. Install cosign 3", problem.Message, StringComparison.Ordinal);
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void AKeyIsAFileAVariableOrKeptByAService()
    {
        AbsolutePath directory = Directory.CreateTempSubdirectory("keys-").FullName;
        File.WriteAllText(directory / "my.key", "");
        Environment.SetEnvironmentVariable("TEST_SIGNING_KEY_SET", "text");
        KeyReference Of(string text) => KeyReference.Of(text, "--signing-key", directory);
        string Problem(string text) => Assert.Throws<ProblemException>(() => Of(text)).Message;

        Assert.Equal(new KeyReference(directory / "my.key", IsHere: true), Of("my.key"));
        Assert.Equal(new KeyReference("env://TEST_SIGNING_KEY_SET", IsHere: true), Of("env://TEST_SIGNING_KEY_SET"));
        foreach (var uri in (string[])["awskms:///alias/images",
            "gcpkms://projects/p/locations/l/keyRings/r/cryptoKeys/k", "azurekms://vault.azure.net/k", "hashivault://k",
            "k8s://ns/secret", "pkcs11:token=t;object=k"])
            Assert.Equal(new KeyReference(uri, IsHere: false), Of(uri));
        Assert.Equal(
            $"--signing-key: there is no key file {directory / "your.key"}. 'cosign generate-key-pair' makes one",
            Problem("your.key"));
        Assert.Equal("--signing-key: the environment variable TEST_SIGNING_KEY_UNSET is not set, or empty. "
            + "Put the key's text into it", Problem("env://TEST_SIGNING_KEY_UNSET"));
        Assert.Equal("--signing-key: 'awskm://' is no place for keys that cosign knows; expected a file, "
            + "env://VARIABLE, pkcs11:… or awskms://…, azurekms://…, gcpkms://…, gitlab://…, hashivault://…, "
            + "k8s://…. Did you mean 'awskms'?", Problem("awskm:///x"));
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void WithoutAKeyAJobSignsAsItself()
    {
        var job = new Dictionary<string, string>
        {
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_SERVER_URL"] = "https://github.com",
            ["GITHUB_WORKFLOW_REF"] = "o/r/.github/workflows/publish.yml@refs/heads/main",
        };
        Assert.Contains("'permissions: id-token: write'",
            Assert.Throws<ProblemException>(() => Signer.Of(null, job.GetValueOrDefault)).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("There is no key to sign with. Give --signing-key",
            Assert.Throws<ProblemException>(() => Signer.Of(null, _ => null)).Message, StringComparison.Ordinal);
        job["ACTIONS_ID_TOKEN_REQUEST_URL"] = "https://token.example";
        Assert.Equal("https://github.com/o/r/.github/workflows/publish.yml@refs/heads/main",
            Signer.Of(null, job.GetValueOrDefault).Identity);
    }

    [Fact]
    public void WhoIsTrustedIsSaidOnceAndWhole()
    {
        var key = new KeyReference("cosign.pub", IsHere: true);
        Assert.Equal(["--key", "cosign.pub"], Trust.Of(key, null, null).Arguments);
        Assert.Equal(["--certificate-identity", "me", "--certificate-oidc-issuer", "them"],
            Trust.Of(null, "me", "them").Arguments);
        Assert.Throws<ProblemException>(() => Trust.Of(null, null, null));
        Assert.Throws<ProblemException>(() => Trust.Of(key, "me", "them"));
        Assert.Contains("the issuer is missing",
            Assert.Throws<ProblemException>(() => Trust.Of(null, "me", null)).Message, StringComparison.Ordinal);
    }
}
