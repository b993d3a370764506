using OpenStack.Catalog;

namespace OpenStack.Tests.Catalog;

/// <summary>What the files of a new service say, and what they leave to a person.</summary>
public sealed class ServiceTemplateTests : IDisposable
{
    readonly TestRepository _repository = new();

    public void Dispose() => _repository.Dispose();

    [Fact]
    public void ApplicationIsOneThatAllReleasesHave()
    {
        var old = New([], []) with { Traits = new ServiceTraits { Factories = ["x.api:f"] } };
        var young = New([], ["x.wsgi.api"]) with { Traits = new ServiceTraits { Factories = ["x.api:f", "x.cfn:f"] } };
        Assert.Contains("\"x.api:f()\"", Dockerfile(old, young), StringComparison.Ordinal);
        Assert.Contains("\"x.wsgi.api:application\"", Dockerfile(young), StringComparison.Ordinal);
        Assert.Contains("# TODO: x.wsgi.api is not in 2025.1: what starts it there?\n",
            Dockerfile(New([], []), young), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tacker", "EXPOSE 9890\nCMD [\"tacker-server\"]\n", "tacker-db-manage", "tacker-server")]
    [InlineData("ours", "# TODO: what \"docker run\" starts (EXPOSE, CMD): ours-agent, ours-sink?\n", "ours-agent",
        "ours-manage", "ours-sink", "ours-status")]
    [InlineData("ours", "# TODO: what \"docker run\" starts (EXPOSE, CMD): a, b, c, d, e or one of 1 others?\n",
        "a", "b", "c", "d", "e", "f")]
    [InlineData("ours", "# TODO: what \"docker run\" starts (EXPOSE, CMD): it has no script, and no application.\n")]
    [InlineData("ours", "# TODO: the port of its API: nothing in its repository says it, and 8080 stands in for it.\n"
        + "EXPOSE 8080\nCMD [\"ours-api\"]\n", "ours-api")]
    public void WhatIsNotKnownIsLeftToDo(string service, string expected, params string[] scripts)
    {
        var files = Files(service, New(scripts, []));
        Assert.Contains(expected, files["Dockerfile"], StringComparison.Ordinal);
        foreach (var (name, text) in files) _repository.Write($"images/{service}/{name}", text);
        Assert.Equal(files.Values.Sum(x => x.Split("TODO").Length - 1),
            OpenTasks.Of(_repository.Root / "images" / service).Count);
    }

    [Fact]
    public void NewestReleaseOfWhichAnythingIsKnownTells()
    {
        var traits = new ServiceTraits
        {
            ConfigurationNames = ["freezer"],
            DataFiles = ["x/alembic.ini", "x/new/alembic.ini"],
            HasDatabase = true,
            Port = "1",
            RootPrograms = [.. Enumerable.Range(0, 40).Select(x => $"program-{x}")],
            VersionScripts = ["x-manage"],
        };
        var old = New([], ["x.wsgi"]) with { Traits = traits with { DataFiles = ["x/alembic.ini"], Port = "2" } };
        var files = Files("x", old, New([], ["x.wsgi"]) with { Traits = traits }, new NewComponent("master", null));
        Assert.Contains("EXPOSE 1\n", files["Dockerfile"], StringComparison.Ordinal);
        Assert.Contains("  - /etc/freezer\n  - /var/lib/freezer\n  - /var/log/freezer\n", files["image.yaml"],
            StringComparison.Ordinal);
        var contract = files["contract.yaml"];
        Assert.Contains("commands:\n  - run: [x-manage, --version]\n", contract, StringComparison.Ordinal);
        Assert.Contains("files:\n  - x/alembic.ini\n\n", contract, StringComparison.Ordinal);
        Assert.Contains("# TODO: the commands that bring its database up to date", contract, StringComparison.Ordinal);
        Assert.Contains(", program-39.\n", contract, StringComparison.Ordinal);
        Assert.All(contract.Split('\n'), x => Assert.InRange(x.Length, 0, 130));
    }

    [Fact]
    public void ClientListensNowhereAndHasNoServer()
    {
        var client = New(["x-tool"], []) with
        {
            Traits = new ServiceTraits { IsClient = true, VersionScripts = ["x-tool"] },
        };
        var files = Files("ours", client, client);
        Assert.EndsWith("FROM service\nCMD [\"x-tool\", \"--help\"]\n", files["Dockerfile"], StringComparison.Ordinal);
        Assert.Contains("  - run: [x-tool, --version]\n    prints: \"x-tool {version}\"\n", files["contract.yaml"],
            StringComparison.Ordinal);
        Assert.DoesNotContain("serve:", files["contract.yaml"], StringComparison.Ordinal);
        Assert.Null(Template("ours", client).ExtraPackages);
    }

    [Fact]
    public void DoneIsWhatSaysNothingOfIt()
    {
        _repository.Write("images/x/Dockerfile", "FROM service\nRUN TODO\n# TODO later\n")
            .Write("images/x/a.yaml", "a: 1\n");
        var task = Assert.Single(OpenTasks.Of(_repository.Root / "images/x"));
        Assert.Equal("images/x/Dockerfile:3: later", task.ToString());
    }

    static string Dockerfile(params NewComponent[] releases) => Files("x", releases)["Dockerfile"];

    static IReadOnlyDictionary<string, string> Files(string service, params NewComponent[] releases) =>
        Template(service, releases).ImageFiles();

    static ServiceTemplate Template(string service, params NewComponent[] releases) =>
        new(RepositoryRoot.Path / "build" / "Catalog" / "templates", service, releases.Index()
            .ToDictionary(x => $"202{5 + (x.Index / 2)}.{1 + (x.Index % 2)}", x => x.Item));

    static NewComponent New(string[] scripts, string[] wsgi) => new("1.0.0", new EntryPoints("x", scripts, wsgi, []));
}
