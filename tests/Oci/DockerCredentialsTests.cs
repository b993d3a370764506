using System.Text;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Tests.Sources;

namespace OpenStack.Tests.Oci;

public sealed class DockerCredentialsTests : IDisposable
{
    const string Config = """{"credsStore":"NAME","auths":{"elsewhere.example.org":{"auth":"bWU6YTpi"}}}""";

    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("ghcr.io", """{"auths":{"ghcr.io":{"auth":"bWU6YTpi"}}}""", "me a:b")]
    [InlineData("ghcr.io", """{"auths":{"https://ghcr.io/v1/":{"auth":"bWU6YTpi"}}}""", "me a:b")]
    [InlineData("ghcr.io", """{"auths":{"ghcr.io.example.org":{"auth":"bWU6YTpi"},"ghcr.io:443":{"auth":"bWU6YTpi"}}}""", null)]
    [InlineData("docker.io", """{"auths":{"https://index.docker.io/v1/":{"auth":"bWU6YTpi"}}}""", "me a:b")]
    [InlineData("docker.io", """{"auths":{"index.docker.io":{"auth":"bWU6YTpi"}}}""", "me a:b")]
    [InlineData("docker.io", """{"auths":{"docker.io":{"auth":"bWU6YTpi"}}}""", null)]
    [InlineData("127.0.0.1:5000", """{"auths":{"http://127.0.0.1:5000":{"username":"u","password":"p"}}}""", "u p")]
    [InlineData("ghcr.io", """{"auths":{"ghcr.io":{"auth":"bWU6YTpi","identitytoken":"t"}}}""", " t")]
    [InlineData("ghcr.io", """{"auths":{"ghcr.io":{}}}""", null)]
    [InlineData("ghcr.io", """{"auths":{"ghcr.io":null},"credHelpers":{}}""", null)]
    [InlineData("ghcr.io", "{}", null)]
    public async Task EntriesAreFound(string registry, string config, string? expected)
    {
        var found = await Credentials(config).FindAsync(registry);
        Assert.Equal(expected, found is null ? null : $"{found.User} {found.Secret}");
    }

    [Fact]
    public async Task NoFileIsNoCredentials() => Assert.Null(await new DockerCredentials(_directory / "none" / "config.json").FindAsync("ghcr.io"));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"c2VjcmV0"}}}""")]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"secret!"}}}""")]
    [InlineData("""{"credsStore":"../../secret"}""")]
    public async Task WhatCannotBeUnderstoodIsAnErrorWithoutTheSecret(string config)
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(() => Credentials(config).FindAsync("ghcr.io"));
        Assert.Contains("config.json: cannot be understood", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret!", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HelpersAreAskedAndTheRegistrysOwnFirst()
    {
        // A helper is a program on PATH; that of this process gets one more directory for a moment.
        var name = $"test-{Guid.NewGuid():N}";
        var (path, program) = (Environment.GetEnvironmentVariable("PATH"), _directory / $"docker-credential-{name}");
        await File.WriteAllTextAsync(program, """
            #!/bin/sh
            read -r server
            case $server in
              known.example.org) echo '{"ServerURL":"x","Username":"me","Secret":"s"}' ;;
              token.example.org) echo '{"ServerURL":"x","Username":"<token>","Secret":"t"}' ;;
              https://index.docker.io/v1/) echo '{"Username":"hub","Secret":"h"}' ;;
              broken.example.org) echo 'the keychain is locked'; exit 1 ;;
              odd.example.org) echo 'not JSON with a secret' ;;
              *) echo 'credentials not found in native keychain'; exit 1 ;;
            esac
            """ + "\n");
        await new Command("chmod", "+x", program).RequireAsync();
        Environment.SetEnvironmentVariable("PATH", $"{path}:{_directory.Path}");
        try
        {
            var store = Credentials(Config.Replace("NAME", name, StringComparison.Ordinal));
            Assert.Equal("s", (await store.FindAsync("known.example.org"))!.Secret);
            Assert.True((await store.FindAsync("token.example.org"))!.IsIdentityToken);
            Assert.Equal("h", (await store.FindAsync("docker.io"))!.Secret);
            Assert.Equal("a:b", (await store.FindAsync("elsewhere.example.org"))!.Secret);
            Assert.Null(await store.FindAsync("nobody.example.org"));
            Assert.Contains("the keychain is locked", (await Assert.ThrowsAsync<ProblemException>(() => store.FindAsync("broken.example.org"))).Message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", (await Assert.ThrowsAsync<ProblemException>(() => store.FindAsync("odd.example.org"))).Message, StringComparison.Ordinal);
            var own = Credentials($$"""{"credsStore":"no-such-helper","credHelpers":{"known.example.org":"{{name}}" } }""");
            Assert.Equal("s", (await own.FindAsync("known.example.org"))!.Secret);
            var missing = await Assert.ThrowsAsync<ProblemException>(() => own.FindAsync("ghcr.io"));
            Assert.Contains("docker-credential-no-such-helper", missing.Message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }
    }

    [Fact]
    public void TheSecretIsNotPrinted() => Assert.DoesNotContain("hidden", new RegistryCredential("me", "hidden", "config.json").ToString(), StringComparison.Ordinal);

    DockerCredentials Credentials(string config)
    {
        File.WriteAllText(_directory / "config.json", config, new UTF8Encoding(false));
        return new DockerCredentials(_directory / "config.json");
    }
}
