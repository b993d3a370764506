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
    [InlineData("ghcr.io",
        """{"auths":{"ghcr.io.example.org":{"auth":"bWU6YTpi"},"ghcr.io:443":{"auth":"bWU6YTpi"}}}""", null)]
    [InlineData("docker.io", """{"auths":{"https://index.docker.io/v1/":{"auth":"bWU6YTpi"}}}""", "me a:b")]
    [InlineData("docker.io", """{"auths":{"index.docker.io":{"auth":"bWU6YTpi"}}}""", "me a:b")]
    [InlineData("docker.io", """{"auths":{"docker.io":{"auth":"bWU6YTpi"}}}""", "me a:b")]
    [InlineData("ghcr.io", """{"auths":{"ghcr.io/":{"auth":"bWU6YTpi"}}}""", "me a:b")]
    [InlineData("ghcr.io", """{"auths":{"ghcr.io/team-a":{"auth":"bWU6YTpi"}}}""", null)]
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

    /// <summary>After containers-auth.json(5): the entry for the longest namespace that fits, up to the registry as a
    /// whole.</summary>
    [Theory]
    [InlineData("team-a/keystone", "a")]
    [InlineData("team-a/deeper/keystone", "deeper")]
    [InlineData("team-a/deeper", "deeper")]
    [InlineData("team-a", "a")]
    [InlineData("team-b/keystone", "b")]
    [InlineData("team-ab/keystone", "host")]
    [InlineData("other/team-a", "host")]
    [InlineData("v2/keystone", "host")]
    [InlineData("empty/keystone", "host")]
    [InlineData(null, "host")]
    public async Task TheLongestNamespaceCounts(string? repository, string expected)
    {
        static string Auth(string user) =>
            $$"""{"auth":"{{Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:p"))}}"}""";
        var config = $$"""
            {"auths":{"ghcr.io/team-a":{{Auth("a")}},"ghcr.io/team-a/deeper":{{Auth("deeper")}},"ghcr.io/team-b/":{{Auth("b")}},
            "ghcr.io/empty":{},"https://ghcr.io/v2/":{{Auth("host")}},"ghcr.io.example.org/other":{{Auth("wrong")}} } }
            """;
        Assert.Equal(expected, (await Credentials(config).FindAsync("ghcr.io", repository))?.User);
    }

    [Fact]
    public async Task WhatIsForAnotherNamespaceIsForNobodyElse()
    {
        var credentials = Credentials("""{"auths":{"ghcr.io/team-a":{"auth":"bWU6YTpi"}}}""");
        Assert.Null(await credentials.FindAsync("ghcr.io", "team-b/keystone"));
        Assert.Null(await credentials.FindAsync("ghcr.io"));
        Assert.NotNull(await credentials.FindAsync("ghcr.io", "team-a/keystone"));
    }

    /// <summary>Programs that know of no namespaces, cosign among them, would send the first entry of a host to all of
    /// it.</summary>
    [Theory]
    [InlineData("team-a/keystone", "me:a:b")]
    [InlineData("team-b/keystone", null)]
    public async Task AProgramGetsTheCredentialsOfItsImageAlone(string repository, string? expected)
    {
        var credentials =
            Credentials(
            """{"auths":{"ghcr.io/team-a":{"auth":"bWU6YTpi"},"elsewhere.example.org":{"auth":"eDp5"} } }""");
        using var configuration =
            await JobDockerConfiguration.MakeAsync(credentials, new RegistryReference("ghcr.io", repository));
        Assert.NotNull(configuration);
        using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(configuration.Directory / "config.json"));
        var auths = json.RootElement.GetProperty("auths");
        Assert.False(auths.TryGetProperty("ghcr.io/team-a", out _));
        Assert.Equal("eDp5", auths.GetProperty("elsewhere.example.org").GetProperty("auth").GetString());
        Assert.Equal(expected, auths.TryGetProperty("ghcr.io", out var own)
            ? Encoding.UTF8.GetString(own.GetProperty("auth").GetBytesFromBase64()) : null);
        Assert.Null(
            await JobDockerConfiguration.MakeAsync(credentials,
            new RegistryReference("elsewhere.example.org", repository)));
    }

    [Fact]
    public async Task NoFileIsNoCredentials() =>
        Assert.Null(await new DockerCredentials(_directory / "none" / "config.json").FindAsync("ghcr.io"));

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
            Assert.Contains("the keychain is locked",
                (await Assert.ThrowsAsync<ProblemException>(() => store.FindAsync("broken.example.org"))).Message,
                StringComparison.Ordinal);
            Assert.DoesNotContain("secret",
                (await Assert.ThrowsAsync<ProblemException>(() => store.FindAsync("odd.example.org"))).Message,
                StringComparison.Ordinal);
            var own =
                Credentials($$"""{"credsStore":"no-such-helper","credHelpers":{"known.example.org":"{{name}}" } }""");
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
    public void TheSecretIsNotPrinted() => Assert.DoesNotContain("hidden",
        new RegistryCredential("me", "hidden", "config.json").ToString(), StringComparison.Ordinal);

    DockerCredentials Credentials(string config)
    {
        File.WriteAllText(_directory / "config.json", config, new UTF8Encoding(false));
        return new DockerCredentials(_directory / "config.json");
    }
}
