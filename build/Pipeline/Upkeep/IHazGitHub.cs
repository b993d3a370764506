using Nuke.Common;
using Octokit;
using Octokit.Internal;
using OpenStack.Network;

namespace OpenStack.Pipeline.Upkeep;

/// <summary>GitHub's REST API.</summary>
interface IHazGitHub : INukeBuild
{
    /// <summary>
    /// The token of the job, or of a person. No parameter: command lines are seen by everybody on a machine.
    /// </summary>
    static string? GitHubToken =>
        Environment.GetEnvironmentVariable("GITHUB_TOKEN") is { Length: > 0 } token ? token : null;

    static GitHubClient OpenGitHub(string token) =>
        new(new Connection(new ProductHeaderValue("openstack-images"),
            new Uri(Environment.GetEnvironmentVariable("GITHUB_API_URL") ?? "https://api.github.com"),
            new InMemoryCredentialStore(new Credentials(token)), new HttpClientAdapter(NewHandler),
            new SimpleJsonSerializer()));

    /// <summary>Octokit follows redirects by itself.</summary>
    static SocketsHttpHandler NewHandler()
    {
        var handler = TlsTrust.NewHandler();
        handler.AllowAutoRedirect = false;
        handler.AutomaticDecompression = System.Net.DecompressionMethods.All;
        return handler;
    }
}
