using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Lab;
using OpenStack.NativePackages;
using OpenStack.Oci;
using OpenStack.Processes;
using OpenStack.Signing;
using OpenStack.Tests.EndToEnd;

namespace OpenStack.Tests.Workflows;

/// <summary>
/// <c>build-images.yml</c> from an event to what is published, by the commands of its jobs, each in a clone of its own.
/// What differs from GitHub is the laboratory: it signs with a key, has a registry of its own, and one machine plays
/// all runners.
/// </summary>
sealed class Chain : IDisposable
{
    /// <summary>
    /// A file that a patch adds, and so another image of this service in this release and of no other.
    /// </summary>
    const string Patch = """
        From 0000000000000000000000000000000000000001 Mon Sep 17 00:00:00 2001
        From: A Person <person@example.org>
        Date: Mon, 3 Feb 2025 10:00:00 +0000
        Subject: [PATCH] A file that is packaged

        ---
        diff --git a/keystone/chain.txt b/keystone/chain.txt
        new file mode 100644
        --- /dev/null
        +++ b/keystone/chain.txt
        @@ -0,0 +1 @@
        +chain
        -- 
        2.47.0

        """;

    readonly AbsolutePath _directory = Directory.CreateTempSubdirectory("chain-").FullName;
    readonly Action<string> _report;

    /// <param name="platforms">What is published: lines of <c>platforms.yaml</c>.</param>
    /// <param name="report">Gets what the jobs say.</param>
    public Chain(IReadOnlyList<string> platforms, Action<string> report)
    {
        _report = report;
        Owner = $"Owner{Guid.NewGuid():N}";
        foreach (var file in RepositoryCopy.Git(RepositoryRoot.Path, "ls-files", "--cached", "--others",
            "--exclude-standard").Lines
            .Where(x => File.Exists(RepositoryRoot.Path / x)))
        {
            Directory.CreateDirectory((Origin / file).Parent!);
            File.Copy(RepositoryRoot.Path / file, Origin / file);
        }

        File.WriteAllText(Origin / "build/Workflows/platforms.yaml",
            string.Concat(platforms.Select(x => $"{x}: any\n")));
        RepositoryCopy.UseLab(Origin / ".nuke" / "parameters.lab.json");
        RepositoryCopy.Git(Origin, "init", "--quiet", "--initial-branch=main");
        Before = Commit("As it is");
        Directory.CreateDirectory(Origin / "patches/keystone/2025.1");
        File.WriteAllText(Origin / "patches/keystone/2025.1/0001-file.patch", Patch);
        After = Commit("A patch");
        OpenPgpKey.Generate(_directory / "key.asc", "Test <test@example.org>");
    }

    /// <summary>Whose images they are; with capitals, which registries do not allow.</summary>
    public string Owner { get; }

    public string Before { get; }

    public string After { get; }

    /// <summary>What the runner serves that packages are published by.</summary>
    public AbsolutePath Packages => _directory / "packages";

    AbsolutePath Origin => _directory / "origin";

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    public async Task<WorkflowResult> RunAsync(WorkflowEvent trigger)
    {
        await CompileAsync();
        await RecordAsync();
        var run = new WorkflowRun(File.ReadAllText(RepositoryRoot.Path / ".github/workflows/build-images.yml"),
            trigger with { Repository = $"{Owner}/images" }, _directory / trigger.Name,
            x => CheckOutAsync(x, trigger.Sha))
        {
            Environment = new Dictionary<string, string?>
            {
                ["NUKE_PROFILE"] = "lab",
                ["NUKE_CERTIFICATE_IDENTITY"] = null,
                ["NUKE_CERTIFICATE_OIDC_ISSUER"] = null,
                ["PackageSource"] = null,
                ["TERM"] = "dumb",
            },
            // Of a pull request they are built and tested by the same command.
            Variables = trigger.Name != "push" ? new Dictionary<string, string>() : new Dictionary<string, string>
            {
                ["PACKAGE_REPOSITORY"] = Packages,
                ["PACKAGE_KEY"] = _directory / "key.asc",
            },
            OnLine = _report,
        };
        return await run.RunAsync();
    }

    /// <summary>What the jobs would compile, each anew.</summary>
    static Task<CommandResult> CompileAsync() => new Command(RepositoryRoot.Path / "build.sh", "--help")
    {
        WorkingDirectory = RepositoryRoot.Path,
        Environment = new Dictionary<string, string?> { ["NUKE_ROOT"] = null },
    }.RequireAsync();

    /// <summary>What is recorded of refs is committed, and jobs hold on to it; here it lies beside.</summary>
    async Task RecordAsync()
    {
        var workspace = _directory / "record";
        if (Directory.Exists(workspace)) return;
        Directory.CreateDirectory(workspace);
        await CheckOutAsync(workspace, After);
        await new Command(workspace / "build.sh", "ResolveRefs", "--service", "keystone", "--release",
            "2025.1", "--profile", "lab")
        {
            WorkingDirectory = workspace,
            Environment = new Dictionary<string, string?> { ["NUKE_ROOT"] = null, ["PackageSource"] = null },
        }.RequireAsync();
    }

    Task CheckOutAsync(AbsolutePath workspace, string commit)
    {
        RepositoryCopy.Git(workspace, "clone", "--quiet", Origin, ".");
        RepositoryCopy.Git(workspace, "checkout", "--quiet", "-B", "main", commit);
        Directory.CreateDirectory(workspace / "build/bin");
        Directory.CreateSymbolicLink(workspace / "build/bin/run", RepositoryRoot.Path / "build/bin/run");
        Directory.CreateDirectory(workspace / ".nuke/temp");
        File.WriteAllText(workspace / ".nuke/temp/compiled",
            File.ReadAllText(RepositoryRoot.Path / ".nuke/temp/compiled"));
        return Task.CompletedTask;
    }

    string Commit(string message)
    {
        RepositoryCopy.Git(Origin, "add", "--all");
        RepositoryCopy.Git(Origin, "commit", "--quiet", "-m", message);
        return RepositoryCopy.Git(Origin, "rev-parse", "HEAD").Text;
    }

    /// <summary>The laboratory's registry.</summary>
    public static RegistryClient OpenRegistry() =>
        new(JsonNode.Parse(File.ReadAllText(new LabLayout(RepositoryRoot.Path
            / ".nuke/temp/lab").RegistryFile))!["address"]!
            .GetValue<string>());

    /// <summary>
    /// A push that adds a patch: one image is affected, built for each platform, and published as one.
    /// </summary>
    public async Task PushIsPublishedAsync(IReadOnlyList<string> platforms)
    {
        var result = await RunAsync(WorkflowEvent.Push(Before, After));
        Assert.True(result.Jobs.All(x => x.Outcome != Outcome.Failure), result.Log);
        Assert.Equal(platforms.Select(x => $"keystone 2025.1 for {x}"), result.Of("build-1").Select(x => x.Title));
        Assert.Equal(["Publish keystone 2025.1"], result.Of("publish-1").Select(x => x.Title));
        Assert.Contains("27.0.0-p1-main", Assert.Single(result.Of("publish-1")).Summary, StringComparison.Ordinal);

        // Built and tested by one job, added and verified by another one, which has nothing but what that handed over.
        var packages = PackageStatements.In(Packages).ToList();
        Assert.Equal(["openstack-keystone", "openstack-keystone-27.0.0-p1"], packages
            .Select(x => x.Format.Read(x.Package).Name).Distinct().Order(StringComparer.Ordinal));
        Assert.All(packages, x => Assert.Equal(PackageStatements.Types.Count, x.Bundles.Count));

        using var registry = OpenRegistry();
        foreach (var image in (string[])["keystone", "python-base"])
        {
            var repository = $"{Owner.ToLowerInvariant()}/{image}";
            var published = await registry.GetManifestAsync(repository, image == "keystone" ? "2025.1" : "latest");
            Assert.NotNull(published);
            if (platforms.Count == 1) Assert.Equal(OciMediaTypes.Manifest, published.Descriptor.MediaType);
            else
            {
                using var index = System.Text.Json.JsonDocument.Parse(published.Content);
                Assert.Equal(platforms, OciIndex.Read(index.RootElement).Select(x => x.Platform));
            }
        }
    }
}
