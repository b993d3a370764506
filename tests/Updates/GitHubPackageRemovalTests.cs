using System.Globalization;
using System.Text.Json.Nodes;
using Octokit;
using OpenStack.Diagnostics;
using OpenStack.Tests.Oci;
using OpenStack.Updates;

namespace OpenStack.Tests.Updates;

/// <summary>Removal through Octokit, at a server that answers as GitHub's REST API and registry do.</summary>
public sealed class GitHubPackageRemovalTests : IDisposable
{
    const string Repository = "c5c3/openstack/keystone";
    const string Tag = "2025.1-0123456";
    const string Organization = "/api/v3/orgs/c5c3/packages/container/openstack%2Fkeystone/versions";
    const string User = "/api/v3/users/c5c3/packages/container/openstack%2Fkeystone/versions";
    const string NotFound =
        """{"message":"Package not found.","documentation_url":"https://docs.github.com/rest","status":"404"}""";

    readonly FakeServer _server = new();
    readonly SortedDictionary<int, string> _versions = [];
    readonly Queue<FakeAnswer> _first = new();
    readonly Dictionary<int, FakeAnswer> _refusals = [];
    string _packages = Organization;

    public GitHubPackageRemovalTests() => _server.Answer = Answer;

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task AVersionIsFoundByItsDigestOnAnyPage()
    {
        for (var i = 0; i < 250; i++) Add(i);
        var removal = Removal();
        foreach (var i in (int[])[0, 120, 249]) Assert.Null(await removal.RemoveAsync(Repository, DigestOf(i)));

        Assert.Equal(247, _versions.Count);
        Assert.Empty(_versions.Values.Intersect([DigestOf(0), DigestOf(120), DigestOf(249)]));
        Assert.Equal(["1", "2", "3"],
            _server.Requests.Where(x => x.Method == "GET").Select(x => Query(x, "page") ?? "1"));
        Assert.All(_server.Requests.Where(x => x.Method == "GET"),
            x => Assert.Equal((Organization, "active", "100"), (x.Path, Query(x, "state"), Query(x, "per_page"))));
        Assert.All(_server.Requests, x => Assert.Equal("Token secret", x.Headers["Authorization"]));
    }

    [Fact]
    public async Task AnOwnerThatIsNoOrganizationIsAUser()
    {
        _packages = User;
        Add(1);
        Assert.Null(await Removal().RemoveAsync(Repository, DigestOf(1)));
        Assert.Equal([$"GET {Organization}", $"GET {User}", $"DELETE {User}/1001"],
            _server.Requests.Select(x => $"{x.Method} {x.Path}"));
    }

    [Fact]
    public async Task APackageThatNobodyHasOrMaySeeStopsEverything()
    {
        _packages = "";
        var e = await Assert.ThrowsAsync<ProblemException>(() => Removal().RemoveAsync(Repository, DigestOf(1)));
        // Of a list that is not there Octokit says its own words, and not GitHub's.
        Assert.StartsWith("GitHub (c5c3/openstack/keystone): 404 "
            + "users/c5c3/packages/container/openstack%2Fkeystone/versions was not found. Give the job 'permissions: "
            + "packages: write' and its repository the role Admin", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADigestThatIsNoVersionIsToldWithoutARemoval()
    {
        Add(1);
        var problem = await Removal().RemoveAsync(Repository, DigestOf(2));
        Assert.Contains("lists no version for what its registry has", problem?.Found, StringComparison.Ordinal);
        Assert.DoesNotContain(_server.Requests, x => x.Method == "DELETE");
    }

    [Theory]
    [InlineData(403, "Resource not accessible by integration", "GitHub (c5c3/openstack/keystone): 403 Resource not "
        + "accessible by integration. Give the job 'permissions: packages: write'")]
    [InlineData(404, "Package not found.",
        "GitHub (c5c3/openstack/keystone): 404 Package not found. Give the job 'permissions: packages: write'")]
    [InlineData(400, "Publicly visible package versions with more than 5000 downloads cannot be deleted. Contact "
        + "GitHub support for further assistance.", "further assistance. Do as GitHub says, or leave it")]
    [InlineData(400, "You cannot delete the last tagged version of a package. You must delete the package instead.",
        "delete the package instead. Do as GitHub says, or leave it")]
    public async Task ARefusalIsOfOneVersionAlone(int status, string message, string says)
    {
        for (var i = 0; i < 2; i++) Add(i);
        _refusals[1000] = new FakeAnswer(status,
            new JsonObject { ["message"] = message, ["status"] = $"{status}" }.ToJsonString());
        var removal = Removal();
        Assert.Contains(says, (await removal.RemoveAsync(Repository, DigestOf(0)))?.ToString(),
            StringComparison.Ordinal);
        Assert.Null(await removal.RemoveAsync(Repository, DigestOf(1)));
        Assert.Equal([1000], _versions.Keys);
        Assert.Equal(2, _server.Requests.Count(x => x.Method == "DELETE"));
    }

    [Theory]
    [InlineData(502, "<html>Bad Gateway</html>")]
    [InlineData(429, "{\"message\":\"Too many requests\"}")]
    [InlineData(403, "{\"message\":\"You have exceeded a secondary rate limit. Please wait.\"}")]
    [InlineData(403, "{\"message\":\"API rate limit exceeded for installation ID 1.\"}")]
    public async Task WhatFailsForTheMomentIsRepeated(int status, string body)
    {
        Add(1);
        var reset = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        for (var i = 0; i < 3; i++)
            _first.Enqueue(new FakeAnswer(status, body, ("X-RateLimit-Reset", reset), ("Retry-After", "0")));
        Assert.Null(await Removal().RemoveAsync(Repository, DigestOf(1)));
        Assert.Empty(_versions);
    }

    [Fact]
    public async Task ARemovalWhoseAnswerIsLostIsOne()
    {
        Add(1);
        var lost = false;
        _server.Answer = x =>
        {
            var answer = Answer(x);
            if (x.Method != "DELETE" || lost) return answer;
            lost = true;
            return new FakeAnswer(502, "<html>Bad Gateway</html>");
        };
        Assert.Null(await Removal().RemoveAsync(Repository, DigestOf(1)));
        Assert.Equal(2, _server.Requests.Count(x => x.Method == "DELETE"));
    }

    [Theory]
    [InlineData(401, "{\"message\":\"Bad credentials\"}",
        @"401 Bad credentials\. Give a token that is valid in GITHUB_TOKEN$")]
    [InlineData(429, "{\"message\":\"Too many requests\"}",
        @"429 Too many requests\. Run the same command again in 01:00:00$")]
    [InlineData(500, "{\"message\":\"Oops\"}", @"500 Oops\. Run the same command again$")]
    public async Task WhatConcernsAllVersionsStopsEverything(int status, string body, string says)
    {
        Add(1);
        _refusals[1001] = new FakeAnswer(status, body, ("Retry-After", "3600"));
        Assert.Matches(says,
            (await Assert.ThrowsAsync<ProblemException>(() => Removal().RemoveAsync(Repository, DigestOf(1)))).Message);
        Assert.Single(_versions);
    }

    [Fact]
    public async Task WhatCannotBeRemovedKeepsWhatItLeadsToAndNothingElse()
    {
        // Two indexes of two platforms each, and a signature of the first one; two single images.
        for (var i = 0; i < 9; i++) Add(i);
        _refusals[1000] = new FakeAnswer(403, """{"message":"No."}""");
        _refusals[1007] = new FakeAnswer(403, """{"message":"No."}""");
        Expendable Of(int i, params int[] leadsTo) => new(DigestOf(i), "", [.. leadsTo.Select(DigestOf)]);
        var plan = new RetentionPlan(Repository, new Dictionary<string, string> { [Tag] = DigestOf(0) },
            new HashSet<string>(), [Of(0, 1, 2, 3), Of(3, 4), Of(4), Of(1), Of(2), Of(5, 6), Of(6), Of(7), Of(8)])
        {
            Bases = new HashSet<string>(),
        };
        var report = new RemovalReport();
        using (var registry = TestRegistry.Open(_server.Url.Authority))
            await plan.ApplyAsync(registry, Removal(), report);

        Assert.Equal([1000, 1001, 1002, 1003, 1004, 1007], _versions.Keys);
        Assert.Equal("3 manifests; 2 cannot be, and 4 stay with those", report.ToString());
        var problem = Assert.Single(report.Problems);
        Assert.StartsWith(
            $"GitHub (c5c3/openstack/keystone): 403 No; so {DigestOf(0)[..19]}, {DigestOf(7)[..19]} stay. Give the job",
            problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARegistryThatRemovesNothingSaysHowItWould()
    {
        _server.Answer = _ =>
            new FakeAnswer(405, """{"errors":[{"code":"UNSUPPORTED","message":"The operation is unsupported."}]}""");
        using var registry = TestRegistry.Open(_server.Url.Authority);
        var e = await Assert.ThrowsAsync<ProblemException>(() =>
            new RegistryRemoval(registry).RemoveAsync(Repository, DigestOf(1)));
        Assert.Contains("lets nobody remove manifests (405, c5c3/openstack/keystone). Switch deletion on in its "
            + "configuration (docker-registry: storage.delete.enabled: true)", e.Message, StringComparison.Ordinal);
    }

    GitHubPackageRemoval Removal() => new(
        new GitHubClient(new ProductHeaderValue("openstack-images"), _server.Url)
        {
            Credentials = new Credentials("secret"),
        },
        new GitHubRetry(TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(1)), TimeSpan.Zero);

    static string DigestOf(int i) => $"sha256:{i:x4}{new string('0', 60)}";

    void Add(int i) => _versions.Add(1000 + i, DigestOf(i));

    /// <summary>
    /// The requests that are used: docs.github.com/rest/packages/packages, and the registry's for tags.
    /// </summary>
    FakeAnswer Answer(FakeRequest request)
    {
        if (request.Path == $"/v2/{Repository}/tags/list") return new FakeAnswer(200, $$"""{"tags":["{{Tag}}"]}""");
        if (_first.TryDequeue(out var first)) return first;
        if (_packages.Length == 0 || !request.Path.StartsWith(_packages, StringComparison.Ordinal))
            return new FakeAnswer(404, NotFound);
        if (request.Method == "GET") return List(request);
        var id = int.Parse(request.Path.Split('/')[^1], CultureInfo.InvariantCulture);
        return _refusals.GetValueOrDefault(id)
            ?? (_versions.Remove(id) ? new FakeAnswer(204, "") : new FakeAnswer(404, NotFound));
    }

    FakeAnswer List(FakeRequest request)
    {
        var size = int.Parse(Query(request, "per_page") ?? "30", CultureInfo.InvariantCulture);
        var page = int.Parse(Query(request, "page") ?? "1", CultureInfo.InvariantCulture);
        // The newest first, as GitHub has them.
        var items = new JsonArray([.. _versions.Reverse().Skip((page - 1) * size).Take(size).Select(x => new JsonObject
        {
            ["id"] = x.Key,
            ["name"] = x.Value,
            ["url"] = $"https://api.github.example{_packages}/{x.Key}",
            ["created_at"] = "2026-05-01T10:00:00Z",
            ["metadata"] = new JsonObject
            {
                ["package_type"] = "container",
                ["container"] = new JsonObject { ["tags"] = new JsonArray() },
            },
        })]);
        if (page * size >= _versions.Count) return new FakeAnswer(200, items.ToJsonString());
        var next =
            $"{_server.Url.GetLeftPart(UriPartial.Authority)}{_packages}?state=active&per_page={size}&page={page + 1}";
        return new FakeAnswer(200, items.ToJsonString(), ("Link", $"<{next}>; rel=\"next\", <{next}>; rel=\"last\""));
    }

    static string? Query(FakeRequest request, string name) =>
        System.Web.HttpUtility.ParseQueryString(request.PathAndQuery[(request.PathAndQuery.IndexOf('?') + 1)..])[name];
}
