using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Tests.Catalog;
using OpenStack.Tests.EndToEnd;
using OpenStack.Workflows;

namespace OpenStack.Tests.Workflows;

/// <summary>
/// The workflow that builds images: as it is generated for other catalogs, and what its jobs run, in which order, with
/// which parameters and files.
/// </summary>
public sealed partial class ImagesWorkflowTests : IDisposable
{
    /// <summary>In place of the build: says what it was asked, and leaves the files that jobs hand over.</summary>
    const string Script = """
        #!/bin/sh
        echo "$*" $(env | grep -E '^(NUKE_|GITHUB_TOKEN)' | sort)
        os_arch=$(echo "$NUKE_PLATFORM" | tr / -)
        bases=artifacts/base/platforms/$os_arch image=artifacts/$NUKE_RELEASE/$NUKE_SERVICE
        case "$1" in
        Affected | Stale) cat planned >>"$GITHUB_OUTPUT" ;;
        BuildBase)
          mkdir -p "$bases/python-base/image" "$bases/venv-builder/image"
          touch "$bases/python-base/image/index.json" "$bases/venv-builder/image/index.json" "$bases/venv-builder/inputs.json" "$bases/external-images.json"
          ;;
        BuildService)
          find artifacts -type f | sort
          mkdir -p "$image/checkout" "$image/source/tree" "$image/image" "$image/platforms/$os_arch/image"
          touch "$image/refs.json" "$image/checkout/x" "$image/source/tree/x" "$image/source/sealed.json" "$image/image/index.json" "$image/platforms/$os_arch/image/index.json"
          [ "$NUKE_SERVICE" != "$(cat broken)" ]
          ;;
        TestSet)
          find artifacts -type f | sort
          mkdir -p "artifacts/$NUKE_RELEASE/set/logs" "artifacts/$NUKE_RELEASE/set/backends"
          touch "artifacts/$NUKE_RELEASE/set/logs/nova.log" "artifacts/$NUKE_RELEASE/set/backends/x"
          for x in $NUKE_SERVICE; do
            mkdir -p "artifacts/$NUKE_RELEASE/$x/platforms/$os_arch"
            touch "artifacts/$NUKE_RELEASE/$x/platforms/$os_arch/set-test-result.json"
          done
          [ "$(cat broken)" != set ]
          ;;
        Report)
          mkdir -p "artifacts/report/files/$image" artifacts/report/files/artifacts/history
          touch artifacts/report/index.html "artifacts/report/files/$image/published.json" "artifacts/report/files/artifacts/history/$NUKE_SERVICE.json"
          ;;
        PublishReport) find artifacts -type f | sort ;;
        Reproduce)
          mkdir -p artifacts/reproductions
          touch artifacts/reproductions/reproduce.json
          ;;
        TestPackage | Package)
          mkdir -p "$image/packages/$os_arch/deb" "$image/packages/$os_arch/test"
          touch "$image/packages/$os_arch/deb/$NUKE_SERVICE.deb" "$image/packages/$os_arch/test/x"
          ;;
        Join | PushPackages)
          find artifacts -type f | sort
          [ "$NUKE_SERVICE" != python-base ] || { mkdir -p artifacts/base/python-base/image; touch artifacts/base/python-base/published.json artifacts/base/python-base/image/index.json; }
          ;;
        esac
        """;

    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("images-workflow-").FullName;
    int _runs;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task ASmallCatalogGivesThisWorkflow()
    {
        using var repository = Repository(services: 2, releases: 1);
        await Verifier.Verify(Generate(repository));
    }

    [Fact]
    public void ALargeCatalogTakesSeveralMatrices()
    {
        using var repository = Repository(services: 30, releases: 10);
        var text = Generate(repository);
        var jobs = WorkflowFile.Parse(text).Jobs();
        Assert.Equal(["plan", "nightly", "review", "bases", "build-1", "build-2", "build-3", "sets", "publish-bases",
            "publish-1", "publish-2", "report", "packages-1", "packages-2", "reproduce-1", "reproduce-2",
            "reproduce-3"],
            jobs.Keys);
        Assert.Equal(["plan", "bases", "build-1", "build-2", "build-3", "sets"], jobs["publish-bases"].List("needs"));
        // What a plan of everything gives is what the jobs take.
        var images = repository.Load().Select(["all"], ["all"]).Select(x => (x.Service, x.Release.Name)).ToList();
        Assert.Equal(BuildMatrix.Outputs(images, [new ImageSet("2025.1", ["service01"], [])],
            BuildPlatforms.Read(RepositoryRoot.Path), (_, _) => true).Keys.Order(),
            jobs["plan"].Map("outputs").Select(x => x.Key).Order());
        Assert.Empty(WorkflowLint.Check(text));
    }

    [Fact]
    public async Task APushBuildsForBothPlatformsAndPublishes() =>
        await Verifier.Verify(Shown(await RunAsync(WorkflowEvent.Push(new string('1', 40), new string('2', 40)))));

    /// <summary>Fetched, built without a network, published as reproducible, and built again elsewhere.</summary>
    [Fact]
    public async Task WhatIsLockedIsBuiltFromLocksAndBuiltAgain() => await Verifier.Verify(Shown(
        await RunAsync(WorkflowEvent.Push(new string('1', 40), new string('2', 40)), [("keystone", "2025.1")],
            isLocked: true)));

    /// <summary>Made and tested with the image, added once that is published.</summary>
    [Fact]
    public async Task PackagesAreMadeAndPublishedWhereTheSettingsSaySo()
    {
        var variables = new Dictionary<string, string>
        {
            ["PACKAGE_REPOSITORY"] = "/srv/packages",
            ["PACKAGE_KEY"] = "/etc/packages/key.asc",
            ["PACKAGE_FORMAT"] = "deb rpm",
        };
        await Verifier.Verify(Shown(await RunAsync(WorkflowEvent.Push(new string('1', 40), new string('2', 40)),
            [("keystone", "2025.1")], variables: variables)));
        // A stranger's are tested, and published nowhere.
        var review = await RunAsync(WorkflowEvent.PullRequest(7, new string('1', 40), new string('2', 40)),
            variables: variables);
        Assert.Equal(Outcome.Success, review.Of("build-1").First().Steps.Single(x => x.Name == "Package, TestPackage")
            .Outcome);
        Assert.Equal(Outcome.Skipped, review.OutcomeOf("packages-1"));
    }

    /// <summary>One report of all that was published, on the main branch and where the settings say so.</summary>
    [Theory]
    [InlineData("gh-pages", true, true)]
    [InlineData("gh-pages", false, false)]
    [InlineData(null, true, false)]
    public async Task AReportIsPublishedWhereTheSettingsSaySo(string? branch, bool isPush, bool isPublished)
    {
        var (before, after) = (new string('1', 40), new string('2', 40));
        var result = await RunAsync(isPush ? WorkflowEvent.Push(before, after)
            : WorkflowEvent.PullRequest(7, before, after), [("keystone", "2025.1"), ("nova", "2025.1")],
            variables: branch is null ? new Dictionary<string, string>()
                : new Dictionary<string, string> { ["REPORT_BRANCH"] = branch });
        Assert.Equal(isPublished ? Outcome.Success : Outcome.Skipped, result.OutcomeOf("report"));
        if (!isPublished) return;
        var step = result.Of("report").Single().Steps.Single(x => x.Name == "PublishReport");
        Assert.Contains("NUKE_REPORT_BRANCH=gh-pages", step.Output, StringComparison.Ordinal);
        // Each image's part of it is there, and none has the others' past.
        Assert.Equal(["artifacts/2025.1/keystone/published.json", "artifacts/2025.1/nova/published.json"],
            step.Output.Split('\n').Where(x => x.StartsWith("artifacts/", StringComparison.Ordinal)));
    }

    /// <summary>Off until the settings say which: those of patches, or all.</summary>
    [Theory]
    [InlineData(null, null)]
    [InlineData("patches", "true")]
    [InlineData("all", "false")]
    public async Task UpstreamsTestsRunWhereTheSettingsSaySo(string? which, string? onlyPatches)
    {
        var result = await RunAsync(WorkflowEvent.PullRequest(7, new string('1', 40), new string('2', 40)),
            [("keystone", "2025.1")], variables: which is null ? new Dictionary<string, string>()
                : new Dictionary<string, string> { ["SOURCE_TESTS"] = which });
        Assert.Equal([onlyPatches], result.Of("build-1").Select(x =>
            x.Steps.Single(y => y.Name == "TestSource") is { Outcome: Outcome.Success } step
                ? OnlyPatches().Match(step.Output).Groups[1].Value : null));
    }

    [GeneratedRegex("NUKE_ONLY_PATCHES=(\\w+)")]
    private static partial Regex OnlyPatches();

    [Fact]
    public async Task APullRequestBuildsForOnePlatformAndPublishesNothing() =>
        await Verifier.Verify(Shown(await RunAsync(WorkflowEvent.PullRequest(7, new string('1', 40),
            new string('2', 40)))));

    /// <summary>docs.github.com, "Secrets": none reach what a fork proposes; neither do these variables.</summary>
    [Theory]
    [InlineData("push", true)]
    [InlineData("Owner/images", true)]
    [InlineData("Stranger/images", false)]
    public async Task TheWayOutOfTheNetworkIsNoForks(string from, bool expected)
    {
        var trigger = from == "push" ? WorkflowEvent.Push(new string('1', 40), new string('2', 40))
            : WorkflowEvent.PullRequest(7, new string('1', 40), new string('2', 40));
        if (from != "push")
            trigger.Payload["pull_request"]!["head"] = new JsonObject
            {
                ["repo"] = new JsonObject { ["full_name"] = from },
            };
        var result = await RunAsync(trigger, [("keystone", "2025.1")], variables: new Dictionary<string, string>
        {
            ["DEFAULT_INDEX"] = "own=https://i.example/simple",
            ["CA_BUNDLE"] = "-----BEGIN CERTIFICATE-----",
            ["REGISTRY_MIRRORS"] = "docker.io=m.example/hub\nghcr.io=m.example/ghcr\n",
        });
        var build = result.Of("build-1").First().Steps.Single(x => x.Name == "BuildService, TestImage");
        Assert.Equal(expected, build.Output.Contains("NUKE_DEFAULT_INDEX=own=https://i.example/simple"));
        Assert.Equal(expected, build.Output.Contains("NUKE_CA_BUNDLE=/"));
        Assert.Equal(expected, build.Output.Contains("NUKE_REGISTRY_MIRRORS=docker.io=m.example/hub "));
        Assert.DoesNotContain("machine", string.Concat(result.Jobs.SelectMany(x => x.Steps).Select(x => x.Output)),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AtNightWhatIsStaleIsBuilt()
    {
        var result = await RunAsync(new WorkflowEvent("schedule"));
        Assert.Equal(Outcome.Success, result.OutcomeOf("nightly"));
        Assert.Equal([Outcome.Skipped, Outcome.Success],
            result.Of("plan").Single().Steps.Where(x => x.Name is "Affected" or "Stale").Select(x => x.Outcome));
        Assert.Equal(2, result.Of("publish-1").Count());
    }

    [Fact]
    public async Task WhoeverStartsItChooses()
    {
        var result = await RunAsync(new WorkflowEvent("workflow_dispatch")
        {
            Inputs = new Dictionary<string, string> { ["service"] = "nova" },
        });
        Assert.StartsWith("Affected NUKE_RELEASE=all NUKE_SERVICE=nova NUKE_SINCE=\n",
            result.Of("plan").Single().Steps.Single(x => x.Name == "Affected").Output, StringComparison.Ordinal);
    }

    /// <summary>docs.github.com, "Webhook events and payloads", push: what a forced push replaced is in no clone any
    /// more.</summary>
    [Fact]
    public async Task APullRequestIsComparedWithWhatItIsMergedIntoAndAForcedPushWithNothing()
    {
        var (before, after) = (new string('1', 40), new string('2', 40));
        async Task<string> SinceAsync(WorkflowEvent trigger) =>
            (await RunAsync(trigger)).Of("plan").Single().Steps.Single(x => x.Name == "Affected").Output.Split('\n')[0]
                .Split("NUKE_SINCE=")[^1];
        Assert.Equal("HEAD^1", await SinceAsync(WorkflowEvent.PullRequest(7, before, after)));
        Assert.Equal(before, await SinceAsync(WorkflowEvent.Push(before, after)));
        var forced = WorkflowEvent.Push(before, after);
        forced.Payload["forced"] = true;
        Assert.Equal("", await SinceAsync(forced));
    }

    [Fact]
    public async Task NothingToBuildIsNoFailure()
    {
        var result = await RunAsync(WorkflowEvent.Push(new string('1', 40), new string('2', 40)), images: []);
        Assert.Equal(["plan"], result.Jobs.Where(x => x.Outcome != Outcome.Skipped).Select(x => x.Job));
        Assert.Equal(Outcome.Success, result.OutcomeOf("plan"));
    }

    [Fact]
    public async Task OneImageThatFailsKeepsAllFromBeingPublished()
    {
        var result = await RunAsync(WorkflowEvent.Push(new string('1', 40), new string('2', 40)), broken: "nova");
        Assert.Equal([Outcome.Success, Outcome.Success, Outcome.Failure, Outcome.Failure],
            result.Of("build-1").Select(x => x.Outcome));
        Assert.Equal(Outcome.Skipped, result.OutcomeOf("publish-bases"));
        Assert.Equal(Outcome.Skipped, result.OutcomeOf("publish-1"));
    }

    /// <summary>What runs beside others is tested with them before anything is published, and the result is said of
    /// it.</summary>
    [Fact]
    public async Task ImagesAreTestedTogetherBeforeAnyIsPublished()
    {
        IReadOnlyList<ImageSet> sets = [new("2025.1", ["keystone", "nova", "placement"], ["placement", "tempest"])];
        var push = WorkflowEvent.Push(new string('1', 40), new string('2', 40));
        await Verifier.Verify(Shown(await RunAsync(push, sets: sets)));
        var failed = await RunAsync(push, sets: sets, broken: "set");
        Assert.Equal([Outcome.Failure, Outcome.Skipped, Outcome.Skipped],
            new[] { "sets", "publish-bases", "publish-1" }.Select(failed.OutcomeOf));
        // Nothing of a pull request is published, nor handed over.
        var review = await RunAsync(WorkflowEvent.PullRequest(7, new string('1', 40), new string('2', 40)), sets: sets);
        Assert.Equal(Outcome.Skipped, review.OutcomeOf("sets"));
    }

    [Fact]
    public async Task TheTargetsOfACommandRunInTheOrderOfTheirNames()
    {
        using var repository = new RepositoryCopy();
        var commands = Directory.EnumerateFiles(RepositoryRoot.Path / ".github" / "workflows")
            .SelectMany(x => WorkflowFile.Parse(File.ReadAllText(x)).Jobs().Values)
            .SelectMany(x => x.Steps())
            .Select(x => x.Text("run"))
            .OfType<string>()
            .Where(x => x != NetworkStep.Script)
            .Distinct()
            .ToList();
        Assert.Contains(commands, x => x.Contains("Push Verify", StringComparison.Ordinal));
        foreach (var command in commands)
        {
            var targets = command.Split(' ').Skip(1).Where(x => !x.StartsWith('-')).ToList();
            var plan = (await repository.RunAsync($"{string.Join(' ', targets)} --plan --no-logo --service "
                + "keystone --release 2025.1"))
                .ShouldSucceed().Output
                .Split('\n');
            Assert.Equal(targets, plan.Select(x => x.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(x => x.Length > 1 && int.TryParse(x[0], out _) && targets.Contains(x[1]))
                .Select(x => x[1]));
        }
    }

    /// <summary>What ran, with what was asked of the build and the files that it found.</summary>
    static string Shown(WorkflowResult result)
    {
        var text = new StringBuilder();
        foreach (var job in result.Jobs)
        {
            text.Append($"{job.Job}: {job.Title}, {job.Outcome.ToString().ToLowerInvariant()}\n");
            foreach (var step in job.Steps.Where(x => x.Outcome != Outcome.Skipped && x.Command is not null
                && x.Command != NetworkStep.Script))
                text.Append($"  {step.Output.TrimEnd().Replace("\n", "\n    ", StringComparison.Ordinal)}\n");
        }

        return text.ToString();
    }

    Task<WorkflowResult> RunAsync(WorkflowEvent trigger, IReadOnlyList<(string, string)>? images = null,
        string broken = "", bool isLocked = false, IReadOnlyList<ImageSet>? sets = null,
        IReadOnlyDictionary<string, string>? variables = null)
    {
        var platforms = BuildPlatforms.Read(RepositoryRoot.Path).Take(trigger.Name == "pull_request" ? 1 : 2).ToList();
        var outputs = BuildMatrix.Outputs(images ?? [("keystone", "2025.1"), ("nova", "2025.1")], sets ?? [], platforms,
            (_, _) => isLocked);
        var run = new WorkflowRun(File.ReadAllText(RepositoryRoot.Path / ".github" / "workflows" / "build-images.yml"),
            trigger, _directory / $"run-{_runs++}", workspace =>
        {
            File.WriteAllText(workspace / "planned", string.Concat(outputs.Select(x => $"{x.Key}={x.Value}\n")));
            File.WriteAllText(workspace / "broken", broken);
            File.WriteAllText(workspace / "build.cmd", Script);
            Directory.CreateDirectory(workspace / ".github");
            File.Copy(RepositoryRoot.Path / NetworkStep.Script, workspace / NetworkStep.Script);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(workspace / "build.cmd", UnixFileMode.UserRead | UnixFileMode.UserExecute);
            return Task.CompletedTask;
        })
        {
            Secrets = new Dictionary<string, string> { ["GITHUB_TOKEN"] = "token", ["NETRC"] = "machine i.example" },
            Variables = variables ?? new Dictionary<string, string>(),
        };
        return run.RunAsync();
    }

    /// <summary>The workflow of a catalog, by the attribute of this repository.</summary>
    static string Generate(TestRepository repository)
    {
        Directory.CreateDirectory(repository.Root / ".nuke");
        Directory.CreateDirectory(repository.Root / ".github" / "workflows");
        File.Copy(RepositoryRoot.Path / "build.cmd", repository.Root / "build.cmd");
        Directory.CreateSymbolicLink(repository.Root / "build", RepositoryRoot.Path / "build");
        Pipeline.GeneratedFileTests.Run(repository.Root, "--generate-configuration", "GitHubActions_build-images",
            "--host", "GitHubActions");
        return File.ReadAllText(repository.Root / ".github" / "workflows" / "build-images.yml");
    }

    static TestRepository Repository(int services, int releases)
    {
        var repository = new TestRepository();
        Directory.Delete(repository.Root / "releases", recursive: true);
        Directory.Delete(repository.Root / "images", recursive: true);
        foreach (var release in Enumerable.Range(0, releases).Select(x => $"{2025 + (x / 2)}.{(x % 2) + 1}"))
        {
            repository.Write($"releases/{release}/source-refs.yaml",
                string.Concat(Enumerable.Range(1, services).Select(x => $"service{x:00}: master\n")));
            repository.Write($"releases/{release}/upper-constraints.txt", "pbr===7.0.0\n");
        }

        foreach (var service in Enumerable.Range(1, services).Select(x => $"service{x:00}").Append("python-base"))
            repository.Write($"images/{service}/Dockerfile", "FROM scratch\n");
        return repository;
    }
}
