using Nuke.Common;
using Octokit;

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
        new(new ProductHeaderValue("openstack-images"),
            new Uri(Environment.GetEnvironmentVariable("GITHUB_API_URL") ?? "https://api.github.com"))
        {
            Credentials = new Credentials(token),
        };
}
