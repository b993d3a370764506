using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Tests.Sources;

public sealed class GitTests : IDisposable
{
    readonly TemporaryDirectory _temporary = new();
    readonly Upstream _upstream;

    public GitTests() => _upstream = new Upstream(_temporary / "upstream");

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task UsersConfigurationInTheEnvironmentCountsForRemotes()
    {
        var commit = _upstream.Commit();
        Environment.SetEnvironmentVariable("GIT_CONFIG_KEY_0", $"url.file://{_temporary / "upstream"}.insteadOf");
        Environment.SetEnvironmentVariable("GIT_CONFIG_VALUE_0", "https://git.invalid/keystone");
        Environment.SetEnvironmentVariable("GIT_CONFIG_COUNT", "1");
        try
        {
            var request = new RefRequest("keystone", "https://git.invalid/keystone", "master");
            var resolved = (await new RefResolver(_temporary / "mirrors").ResolveAsync([request])).Refs[0];
            Assert.Equal((commit, request.Remote), (resolved.Commit, resolved.Remote));
            var seen = await new Git().Command("config", "--get-regexp", "insteadof").RunAsync();
            Assert.Equal("", seen.Text);
        }
        finally
        {
            Environment.SetEnvironmentVariable("GIT_CONFIG_COUNT", null);
        }
    }

    [Fact]
    public async Task RemoteIsNoProgramAndNoOption()
    {
        foreach (var remote in (string[])[$"ext::touch {_temporary / "ran"}",
            $"--upload-pack=touch {_temporary / "ran"}"])
        {
            var request = new RefRequest("keystone", remote, "master");
            await Assert.ThrowsAsync<ProblemException>(() =>
                new RefResolver(_temporary / "mirrors").ResolveAsync([request]));
        }

        Assert.False(File.Exists(_temporary / "ran"));
    }

    [Fact]
    public async Task RepositoryAroundUsIsNotSeen()
    {
        _upstream.Commit();
        var git = new Git().Command("rev-parse", "HEAD") with { WorkingDirectory = _temporary / "upstream" };
        Assert.False((await git.RunAsync()).Succeeded);
    }
}
