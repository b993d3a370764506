using System.Globalization;
using System.Text.Json.Nodes;
using Octokit;
using OpenStack.Diagnostics;
using OpenStack.Updates;

namespace OpenStack.Tests.Updates;

/// <summary>Pull requests through Octokit, at a server that answers as GitHub does.</summary>
public sealed class PullRequestsTests : IDisposable
{
    readonly FakeServer _server = new();
    readonly List<JsonObject> _pulls = [];
    readonly Queue<FakeAnswer> _first = new();

    public PullRequestsTests() => _server.Answer = Answer;

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task AnUpdateOpensOnePullRequestAndThenIsLeftAlone()
    {
        Assert.Equal((PullRequestOutcome.Opened, "https://github.example/c5c3/images/pull/1"), await EnsureAsync());
        var body = JsonNode.Parse(_server.Requests.Single(x => x.Method == "POST").Body)!;
        Assert.Equal(
            """{"title":"nova 31.3.2 for 2025.1","base":"main","head":"update/2025.1/nova","body":"text\n","draft":false}""",
            body.ToJsonString());
        Assert.Equal(PullRequestOutcome.Unchanged, (await EnsureAsync()).Outcome);
        _pulls[0]["body"] = "text\r\n";
        Assert.Equal(PullRequestOutcome.Unchanged, (await EnsureAsync()).Outcome);
        Assert.DoesNotContain(_server.Requests, x => x.Method == "PATCH");
    }

    [Fact]
    public async Task AnotherTextOrTitleIsBroughtUpToDate()
    {
        await EnsureAsync();
        Assert.Equal(PullRequestOutcome.Edited, (await EnsureAsync("other\n")).Outcome);
        var request = _server.Requests.Single(x => x.Method == "PATCH");
        Assert.Equal("/api/v3/repos/c5c3/images/pulls/1", request.Path);
        Assert.Equal("""{"title":"nova 31.3.2 for 2025.1","body":"other\n"}""",
            JsonNode.Parse(request.Body)!.ToJsonString());
        Assert.Equal("Token secret", request.Headers["Authorization"]);
        Assert.StartsWith("openstack-images", request.Headers["User-Agent"]);
    }

    [Fact]
    public async Task AnUpdateThatIsBrokenIsADraft()
    {
        await EnsureAsync(problems: [new Problem("no")]);
        Assert.True((bool)_pulls[0]["draft"]!);
    }

    [Fact]
    public async Task AllPagesAreLookedThroughAndForksAreNotOurs()
    {
        for (var i = 1; i <= 250; i++) Add($"other-{i}", "Other");
        Add("update/2025.1/nova", "nova 31.3.2 for 2025.1", owner: "fork");
        Add("update/2025.1/nova", "nova 31.3.1 for 2025.1");
        Assert.Equal((PullRequestOutcome.Edited, "https://github.example/c5c3/images/pull/252"), await EnsureAsync());
        Assert.Equal(["1", "2", "3"],
            _server.Requests.Where(x => x.Method == "GET").Select(x => Query(x, "page") ?? "1"));
        Assert.All(_server.Requests.Where(x => x.Method == "GET"),
            x => Assert.Equal(("open", "100", "main"), (Query(x, "state"), Query(x, "per_page"), Query(x, "base"))));
    }

    [Fact]
    public async Task WhatSomebodyClosedStaysClosedUntilItSaysSomethingElse()
    {
        await EnsureAsync();
        _pulls[0]["state"] = "closed";
        Assert.Equal(PullRequestOutcome.Declined, (await EnsureAsync()).Outcome);
        _pulls[0]["title"] = "nova 31.3.1 for 2025.1";
        Assert.Equal(PullRequestOutcome.Opened, (await EnsureAsync()).Outcome);
    }

    [Fact]
    public async Task WhatWasMergedIsNoReasonNotToOpenAnother()
    {
        await EnsureAsync();
        (_pulls[0]["state"], _pulls[0]["merged_at"]) = ("closed", "2026-08-01T10:00:00Z");
        Assert.Equal(PullRequestOutcome.Opened, (await EnsureAsync()).Outcome);
    }

    [Fact]
    public async Task APullRequestThatIsThereAlreadyIsTaken()
    {
        var listed = 0;
        _server.Answer = request =>
        {
            if (request.Method == "GET" && Query(request, "state") == "open" && listed++ == 0)
                return new FakeAnswer(200, "[]");
            if (request.Method == "POST" && _pulls.Count == 0) Add("update/2025.1/nova", "nova 31.3.2 for 2025.1");
            return Answer(request);
        };
        Assert.Equal((PullRequestOutcome.Edited, "https://github.example/c5c3/images/pull/1"), await EnsureAsync());
    }

    [Fact]
    public async Task AnotherRefusalIsTold()
    {
        _server.Answer = x => x.Method == "GET" ? Answer(x) : new FakeAnswer(422,
            """{"message":"Validation Failed","errors":[{"resource":"PullRequest","field":"head","code":"invalid"}]}""");
        var e = await Assert.ThrowsAsync<ProblemException>(() => EnsureAsync());
        Assert.Contains("GitHub does not open a pull request for update/2025.1/nova: Validation Failed; head invalid. "
            + "Check that the branch exists", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(502, "<html>Bad Gateway</html>")]
    [InlineData(503, "{}")]
    [InlineData(429, "{\"message\":\"Too many requests\"}")]
    [InlineData(403, "{\"message\":\"You have exceeded a secondary rate limit. Please wait.\"}")]
    [InlineData(403, "{\"message\":\"You have triggered an abuse detection mechanism.\"}")]
    [InlineData(403, "{\"message\":\"API rate limit exceeded for installation ID 1.\"}")]
    public async Task WhatFailsForTheMomentIsRepeated(int status, string body)
    {
        var reset = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        for (var i = 0; i < 3; i++)
            _first.Enqueue(new FakeAnswer(status, body, ("X-RateLimit-Reset", reset), ("Retry-After", "0")));
        Assert.Equal(PullRequestOutcome.Opened, (await EnsureAsync()).Outcome);
        Assert.Equal(4, _server.Requests.Count(x => x.Method == "GET" && Query(x, "state") == "open"));
    }

    [Fact]
    public async Task ALimitThatLastsTooLongSaysUntilWhen()
    {
        var reset = DateTimeOffset.UtcNow.AddMinutes(50).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        _first.Enqueue(new FakeAnswer(403, "{\"message\":\"API rate limit exceeded for user ID 1.\"}",
            ("X-RateLimit-Reset", reset)));
        var e = await Assert.ThrowsAsync<ProblemException>(() => EnsureAsync());
        Assert.Matches(
            @"^GitHub \(c5c3/images\): 403 API rate limit exceeded for user ID 1\. Run the same command again in 00:(49|50):\d\d$",
            e.Message);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task AWaitThatIsAskedForIsTakenSeriously()
    {
        _first.Enqueue(new FakeAnswer(429, "{}", ("Retry-After", "3600")));
        await Assert.ThrowsAsync<ProblemException>(() => EnsureAsync());
        Assert.Single(_server.Requests);
    }

    [Theory]
    [InlineData(401, "{\"message\":\"Bad credentials\"}", "401 Bad credentials. Give a token that is valid")]
    [InlineData(403, "{\"message\":\"Resource not accessible by integration\"}",
        "403 Resource not accessible by integration. Give the token the permissions")]
    [InlineData(404, "{\"message\":\"Not Found\"}",
        "404 repos/c5c3/images/pulls was not found. Give the token the permissions")]
    [InlineData(400, "no json", "400 no json. Run the same command again")]
    public async Task WhatFailsForGoodIsNot(int status, string body, string says)
    {
        _first.Enqueue(new FakeAnswer(status, body));
        Assert.Contains(says, (await Assert.ThrowsAsync<ProblemException>(() => EnsureAsync())).Message,
            StringComparison.Ordinal);
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task AServerThatStaysBrokenIsAnError()
    {
        _server.Answer = _ => new FakeAnswer(500, "");
        Assert.Contains("500", (await Assert.ThrowsAsync<ProblemException>(() => EnsureAsync())).Message,
            StringComparison.Ordinal);
        Assert.Equal(4, _server.Requests.Count);
    }

    [Theory]
    [InlineData("c5c3/images", "c5c3/images")]
    [InlineData("https://github.com/c5c3/images.git", "c5c3/images")]
    [InlineData("https://x:token@github.example/c5c3/images/", "c5c3/images")]
    [InlineData("git@github.com:c5c3/images.git", "c5c3/images")]
    [InlineData("ssh://git@github.com/c5c3/os.images", "c5c3/os.images")]
    [InlineData("/srv/git/images", null)]
    [InlineData("file:///srv/images", null)]
    [InlineData("", null)]
    public void ARepositoryIsReadFromTheUrlOfARemote(string url, string? repository) =>
        Assert.Equal(repository, GitHubRepository.TryParse(url)?.ToString());

    Task<(PullRequestOutcome Outcome, string Url)> EnsureAsync(string body = "text\n", Problem[]? problems = null)
    {
        var client = new GitHubClient(new ProductHeaderValue("openstack-images"), _server.Url)
        {
            Credentials = new Credentials("secret"),
        };
        var update = new UpdateDraft("2025.1/nova", "nova 31.3.2 for 2025.1", new Dictionary<string, string?>(),
            DateTimeOffset.UnixEpoch)
        {
            Problems = problems ?? [],
        };
        return new PullRequests(client, "c5c3", "images", "main",
            new GitHubRetry(TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(1))).EnsureAsync(update, body);
    }

    /// <summary>The three requests of the API that are used: docs.github.com/rest/pulls/pulls.</summary>
    FakeAnswer Answer(FakeRequest request)
    {
        if (_first.TryDequeue(out var first)) return first;
        const string Pulls = "/api/v3/repos/c5c3/images/pulls";
        if (request is { Method: "GET", Path: Pulls }) return List(request);
        var body = JsonNode.Parse(request.Body)?.AsObject() ?? [];
        if (request is { Method: "POST", Path: Pulls })
        {
            if (_pulls.Any(x => (string?)x["state"] == "open"
                && (string?)x["head"]!["label"] == $"c5c3:{body["head"]}"))
                return new FakeAnswer(422,
                    """{"message":"Validation Failed","errors":[{"resource":"PullRequest","code":"custom","message":"A pull request already exists for c5c3:update/2025.1/nova."}]}""");
            var added = Add((string)body["head"]!, (string)body["title"]!);
            (added["body"], added["draft"]) = (body["body"]?.DeepClone(), body["draft"]?.DeepClone());
            return new FakeAnswer(201, added.ToJsonString());
        }

        var pull = _pulls[int.Parse(request.Path.Split('/')[^1], CultureInfo.InvariantCulture) - 1];
        foreach (var (key, value) in body) pull[key] = value?.DeepClone();
        return new FakeAnswer(200, pull.ToJsonString());
    }

    FakeAnswer List(FakeRequest request)
    {
        var (state, head) = (Query(request, "state"), Query(request, "head"));
        var size = int.Parse(Query(request, "per_page") ?? "30", CultureInfo.InvariantCulture);
        var page = int.Parse(Query(request, "page") ?? "1", CultureInfo.InvariantCulture);
        var found = _pulls
            .Where(x => (string?)x["state"] == state && (head is null || (string?)x["head"]!["label"] == head))
            .ToList();
        var items = new JsonArray([.. found.Skip((page - 1) * size).Take(size).Select(x => x.DeepClone())]);
        if (page * size >= found.Count) return new FakeAnswer(200, items.ToJsonString());
        var next =
            $"{_server.Url}api/v3/repos/c5c3/images/pulls?state={state}&per_page={size}&base=main&page={page + 1}";
        return new FakeAnswer(200, items.ToJsonString(), ("Link", $"<{next}>; rel=\"next\", <{next}>; rel=\"last\""));
    }

    JsonObject Add(string branch, string title, string owner = "c5c3")
    {
        _pulls.Add(new JsonObject
        {
            ["number"] = _pulls.Count + 1,
            ["html_url"] = $"https://github.example/c5c3/images/pull/{_pulls.Count + 1}",
            ["state"] = "open",
            ["title"] = title,
            ["body"] = null,
            ["merged_at"] = null,
            ["draft"] = false,
            ["head"] =
                new JsonObject { ["label"] = $"{owner}:{branch}", ["ref"] = branch, ["sha"] = new string('a', 40) },
        });
        return _pulls[^1];
    }

    static string? Query(FakeRequest request, string name) =>
        System.Web.HttpUtility.ParseQueryString(request.PathAndQuery[(request.PathAndQuery.IndexOf('?') + 1)..])[name];
}
