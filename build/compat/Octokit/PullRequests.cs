#nullable disable
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Octokit;

public interface IPullRequestsClient
{
    /// <summary>All pages, unless the options say fewer.</summary>
    Task<IReadOnlyList<PullRequest>> GetAllForRepository(string owner, string name, PullRequestRequest request, ApiOptions options);

    Task<PullRequest> Create(string owner, string name, NewPullRequest newPullRequest);

    Task<PullRequest> Update(string owner, string name, int pullRequestNumber, PullRequestUpdate pullRequestUpdate);
}

sealed class PullRequestsClient(Connection connection) : IPullRequestsClient
{
    public Task<IReadOnlyList<PullRequest>> GetAllForRepository(string owner, string name, PullRequestRequest request, ApiOptions options) => connection.GetAllAsync(
        $"repos/{owner}/{name}/pulls",
        [("state", request.State.ToString().ToLowerInvariant()), ("head", request.Head), ("base", request.Base), ("sort", "created"), ("direction", "desc")],
        options,
        x => new PullRequest(x));

    public Task<PullRequest> Create(string owner, string name, NewPullRequest newPullRequest) => connection.SendAsync(
        HttpMethod.Post,
        $"repos/{owner}/{name}/pulls",
        Body(("title", newPullRequest.Title), ("base", newPullRequest.Base), ("head", newPullRequest.Head), ("body", newPullRequest.Body), ("draft", newPullRequest.Draft)),
        x => new PullRequest(x));

    public Task<PullRequest> Update(string owner, string name, int pullRequestNumber, PullRequestUpdate pullRequestUpdate) => connection.SendAsync(
        HttpMethod.Patch,
        $"repos/{owner}/{name}/pulls/{pullRequestNumber}",
        Body(("title", pullRequestUpdate.Title), ("body", pullRequestUpdate.Body)),
        x => new PullRequest(x));

    static JsonObject Body(params (string Name, JsonNode Value)[] fields) =>
        new(fields.Where(x => x.Value is not null).Select(x => KeyValuePair.Create(x.Name, x.Value)));
}

public class PullRequest
{
    internal PullRequest(JsonElement json)
    {
        Number = json.GetProperty("number").GetInt32();
        HtmlUrl = json.Text("html_url");
        Title = json.Text("title");
        Body = json.Text("body");
        MergedAt = json.Text("merged_at") is { } merged ? DateTimeOffset.Parse(merged, System.Globalization.CultureInfo.InvariantCulture) : null;
        Head = new GitReference(json.GetProperty("head"));
    }

    public string HtmlUrl { get; private set; }

    public int Number { get; private set; }

    public string Title { get; private set; }

    public string Body { get; private set; }

    public DateTimeOffset? MergedAt { get; private set; }

    public GitReference Head { get; private set; }
}

/// <summary>The branch that a pull request is from.</summary>
public class GitReference
{
    internal GitReference(JsonElement json) => (Label, Ref) = (json.Text("label"), json.Text("ref"));

    /// <summary><c>owner:branch</c>.</summary>
    public string Label { get; protected set; }

    public string Ref { get; protected set; }
}

public class NewPullRequest
{
    public NewPullRequest(string title, string head, string baseRef) => (Title, Head, Base) = (title, head, baseRef);

    public string Title { get; private set; }

    public string Base { get; private set; }

    public string Head { get; private set; }

    public string Body { get; set; }

    public bool? Draft { get; set; }
}

/// <summary>What is null stays as it is.</summary>
public class PullRequestUpdate
{
    public string Title { get; set; }

    public string Body { get; set; }
}

/// <summary>Which pull requests to list.</summary>
public class PullRequestRequest
{
    public ItemStateFilter State { get; set; } = ItemStateFilter.Open;

    /// <summary><c>owner:branch</c>.</summary>
    public string Head { get; set; }

    public string Base { get; set; }
}

public enum ItemStateFilter
{
    Open,
    Closed,
    All,
}

public class ApiOptions
{
    public int? PageSize { get; set; }
}

static class JsonText
{
    public static string Text(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
