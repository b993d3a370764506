using System.Text.Json.Nodes;

namespace OpenStack.Tests.Workflows;

/// <summary>What a workflow is started by.</summary>
/// <param name="Name"><c>push</c>, <c>pull_request</c>, <c>schedule</c> or <c>workflow_dispatch</c>.</param>
sealed record WorkflowEvent(string Name)
{
    /// <summary>The ref that is checked out; of a pull request <c>refs/pull/1/merge</c>.</summary>
    public string Ref { get; init; } = "refs/heads/main";

    /// <summary>The commit that is checked out.</summary>
    public string Sha { get; init; } = new('0', 40);

    public string Repository { get; init; } = "Owner/images";

    public string RunId { get; init; } = "1";

    /// <summary>What the event says: <c>github.event</c>.</summary>
    public JsonObject Payload { get; init; } = [];

    /// <summary>What whoever starts it by hand chooses; the rest is as the workflow says.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    /// <summary>A push that moved a branch.</summary>
    public static WorkflowEvent Push(string before, string after, string branch = "main") =>
        new("push")
        {
            Ref = $"refs/heads/{branch}",
            Sha = after,
            Payload = new JsonObject { ["before"] = before, ["after"] = after },
        };

    public static WorkflowEvent PullRequest(int number, string @base, string merged) =>
        new("pull_request")
        {
            Ref = $"refs/pull/{number}/merge",
            Sha = merged,
            Payload = new JsonObject
            {
                ["number"] = number,
                ["pull_request"] = new JsonObject
                {
                    ["number"] = number,
                    ["base"] = new JsonObject { ["sha"] = @base },
                },
            },
        };
}
