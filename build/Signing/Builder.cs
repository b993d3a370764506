using System.Text.Json.Nodes;

namespace OpenStack.Signing;

/// <summary>Who ran the build.</summary>
/// <param name="Id">URI of the workflow, or of a build that ran anywhere else.</param>
/// <param name="Invocation">URI of the run; null outside CI.</param>
public sealed record Builder(string Id, string? Invocation)
{
    /// <param name="variable">The environment (docs.github.com, "Default environment variables").</param>
    public static Builder Of(Func<string, string?> variable) =>
        variable("GITHUB_ACTIONS") == "true"
            && variable("GITHUB_SERVER_URL") is { Length: > 0 } server
            && variable("GITHUB_WORKFLOW_REF") is { Length: > 0 } workflow
            ? new Builder($"{server}/{workflow}", $"{server}/{variable("GITHUB_REPOSITORY")}/actions/runs/"
                + $"{variable("GITHUB_RUN_ID")}/attempts/{variable("GITHUB_RUN_ATTEMPT")}")
            : new Builder(Provenance.BuildType + "#local", null);

    /// <param name="version">Of this repository.</param>
    internal JsonObject ToJson(string version)
    {
        var json = new JsonObject
        {
            ["builder"] = new JsonObject
            {
                ["id"] = Id,
                ["version"] = new JsonObject { ["openstack-images"] = version },
            },
        };
        if (Invocation is not null) json["metadata"] = new JsonObject { ["invocationId"] = Invocation };
        return json;
    }
}
