using System.Text;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Signing;
using OpenStack.Tests.Sources;
using OpenStack.Tests.Updates;

namespace OpenStack.Tests.Oci;

/// <summary>A job of GitHub Actions has a token for GitHub's registry.</summary>
public sealed class JobCredentialTests : IDisposable
{
    static readonly Dictionary<string, string> s_job =
        new() { ["GITHUB_ACTIONS"] = "true", ["GITHUB_ACTOR"] = "me", ["GITHUB_TOKEN"] = "a:b" };

    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("GITHUB_ACTIONS", null)]
    [InlineData("GITHUB_TOKEN", null)]
    [InlineData("GITHUB_TOKEN", "")]
    [InlineData("GITHUB_ACTOR", "me a:b")]
    public void OnlyAJobThatWasGivenItsTokenHasIt(string variable, string? expected)
    {
        var job = new Dictionary<string, string>(s_job);
        if (expected is null) job.Remove(variable);
        else if (expected.Length == 0) job[variable] = "";
        var found = JobCredential.Of(job.GetValueOrDefault);
        Assert.Equal(string.IsNullOrEmpty(expected) ? null : $"ghcr.io {expected}",
            found is null ? null : $"{found.Registry} {found.Credential.User} {found.Credential.Secret}");
    }

    [Theory]
    [InlineData("ghcr.io", "{}", "me a:b")]
    [InlineData("ghcr.io", null, "me a:b")]
    [InlineData("ghcr.io", """{"auths":{"ghcr.io":{"auth":"eW91OnA="}}}""", "you p")]
    [InlineData("quay.io", "{}", null)]
    public async Task WhoeverLoggedInCountsMore(string registry, string? config, string? expected)
    {
        var found = await Credentials(config).FindAsync(registry);
        Assert.Equal(expected, found is null ? null : $"{found.User} {found.Secret}");
    }

    [Fact]
    public async Task TheRegistryIsGivenItAndARefusalSaysWhatAJobNeeds()
    {
        using var server = new FakeServer();
        var asked = $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("me:a:b"))}";
        server.Answer = x => x.Headers.GetValueOrDefault("Authorization") == asked
            ? new FakeAnswer(200, """{"name":"o/i","tags":["1"]}""")
            : new FakeAnswer(401, """{"errors":[{"code":"UNAUTHORIZED","message":"who"}]}""",
                ("WWW-Authenticate", "Basic realm=\"x\""));
        var job = JobCredential.Of(s_job.GetValueOrDefault)! with { Registry = server.Url.Authority };
        using (var client = new RegistryClient(server.Url.Authority,
            new DockerCredentials(_directory / "config.json", job)))
            Assert.Equal(["1"], await client.TagsAsync("o/i"));

        server.Answer = _ => new FakeAnswer(401, "{}", ("WWW-Authenticate", "Basic realm=\"x\""));
        using var refused = new RegistryClient(server.Url.Authority,
            new DockerCredentials(_directory / "config.json", job));
        var problem = await Assert.ThrowsAsync<ProblemException>(() => refused.TagsAsync("o/i"));
        Assert.Contains("They are from GITHUB_TOKEN; give the job 'permissions: packages: write'", problem.Message,
            StringComparison.Ordinal);
    }

    /// <summary>A cosign that shows what it is given.</summary>
    [Fact]
    public async Task CosignIsGivenAConfigurationThatNobodyElseReadsAndThatIsGoneAfterwards()
    {
        var program = _directory / "cosign";
        await File.WriteAllTextAsync(program, "#!/bin/sh\n[ \"$2\" = --help ] || { echo \"$DOCKER_CONFIG\"; stat -c "
            + "'%a %n' \"$DOCKER_CONFIG\"/*; cat \"$DOCKER_CONFIG\"/config.json; }\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var trust = Trust.Of(null, "me", "them");
        Task<OpenStack.Processes.CommandResult> VerifyAsync(string config) =>
            new Cosign(program, Credentials(config)).VerifyAsync("ghcr.io/o/i", trust, null);

        var lines = (await VerifyAsync("""{"credsStore":"","auths":{"quay.io":{}}}""")).Output.Split('\n');
        Assert.Equal($"600 {lines[0]}/config.json", lines[1]);
        Assert.Equal(
            """{"credsStore":"","auths":{"quay.io":{},"ghcr.io":{"auth":"bWU6YTpi"}},"credHelpers":{"ghcr.io":""}}""",
            lines[2]);
        Assert.False(Directory.Exists(lines[0]));

        // Where somebody logged in, that is all.
        Assert.DoesNotContain("bWU6YTpi", (await VerifyAsync("""{"auths":{"ghcr.io":{"auth":"eW91OnA="}}}""")).Output,
            StringComparison.Ordinal);
    }

    DockerCredentials Credentials(string? config)
    {
        if (config is not null) File.WriteAllText(_directory / "config.json", config);
        return new DockerCredentials(_directory / "config.json", JobCredential.Of(s_job.GetValueOrDefault));
    }
}
