using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Tests.EndToEnd;
using Xunit.Abstractions;

namespace OpenStack.Tests.Sbom;

/// <summary>The SBOMs of two real images, one of them with a patch of each level.</summary>
public sealed class ListedImages : IAsyncLifetime
{
    internal RepositoryCopy Repository { get; } = new();

    public async Task InitializeAsync()
    {
        Repository.WithLab();
        Repository.Write("patches/keystone/2025.1/0001-mend.patch", "From: A <a@example.org>\nSubject: [PATCH] Mend "
            + "it\n\nCVE-2026-12345\n(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)\n"
            + "Closes-Bug: #2085902\n---\n--- /dev/null\n+++ b/keystone/data/mended.txt\n@@ -0,0 +1 @@\n+mended\n");
        (await Repository.RunAsync("Sbom --service keystone nova --release 2025.1 --profile lab --no-logo"))
            .ShouldSucceed();
    }

    public Task DisposeAsync()
    {
        Repository.Dispose();
        return Task.CompletedTask;
    }
}

[Trait("Group", "Lab")]
public sealed class SbomLabTests(ListedImages images, ITestOutputHelper output) : IClassFixture<ListedImages>
{
    static readonly AbsolutePath s_lab = RepositoryRoot.Path / ".nuke" / "temp" / "lab";

    readonly RepositoryCopy _repository = images.Repository;

    [Theory]
    [InlineData("keystone")]
    [InlineData("nova")]
    public async Task ItIsWhatDpkgAndPythonSayInTheRunningImage(string service)
    {
        var answer = JsonDocument.Parse(await AskAsync(service, """
            import importlib.metadata, json, subprocess
            packages = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Package} ${Version} ${Architecture}\n"], capture_output=True, text=True, check=True).stdout
            print(json.dumps({
                "packages": [" ".join(x.split()[1:]) for x in packages.splitlines() if x.startswith("ii")],
                "distributions": [f"{x.metadata['Name']} {x.version}" for x in importlib.metadata.distributions()],
            }))
            """)).RootElement;
        string[] Lines(string name) =>
            [.. answer.GetProperty(name).EnumerateArray().Select(x => x.GetString()!).Order(StringComparer.Ordinal)];
        var components = Components(Bom(service));
        Assert.Equal(Lines("packages"),
            components.Where(x => Purl(x).StartsWith("pkg:deb/debian/", StringComparison.Ordinal))
                .Select(x => $"{Text(x, "name")} {Text(x, "version")} {Purl(x).Split("arch=")[1].Split('&')[0]}")
                .Order(StringComparer.Ordinal));
        Assert.Equal(Lines("distributions"),
            components.Where(x => Purl(x).StartsWith("pkg:pypi/", StringComparison.Ordinal)
                && Property(x, "openstack-images:python:vendored-by") is null)
                .Select(x => $"{Text(x, "name")} {Text(x, "version")}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task TheDigestOfAPackageIsWhatSha256sumSaysInTheImage()
    {
        var digest = await AskAsync("keystone", """
            import hashlib, os, subprocess
            files = subprocess.run(["dpkg", "-L", "libpam-runtime"], capture_output=True, text=True, check=True).stdout.splitlines()
            files = sorted(x for x in files if os.path.isfile(x) and not os.path.islink(x))
            print(hashlib.sha256(subprocess.run(["sha256sum", *files], capture_output=True, check=True).stdout).hexdigest())
            """);
        Assert.Equal(digest, Components(Bom("keystone"))
            .Single(x => Text(x, "name") == "libpam-runtime")
            .GetProperty("hashes")[0]
            .GetProperty("content")
            .GetString());
    }

    [Theory]
    [InlineData("keystone")]
    [InlineData("nova")]
    [InlineData("python-base")]
    public void EveryComponentSaysWhatItMust(string image)
    {
        var bom = Bom(image);
        Assert.Empty(MinimumElements.MissingIn(bom));
        var components = Components(bom);
        var licensed = components.Count(x => x.GetProperty("licenses")[0].ToString() is var license
            && !license.Contains("NOASSERTION", StringComparison.Ordinal));
        var edges = bom.GetProperty("dependencies")
            .EnumerateArray()
            .Sum(x => x.TryGetProperty("dependsOn", out var on) ? on.GetArrayLength() : 0);
        output.WriteLine($"{image}: {components.Count} components, {licensed} with a licence, {edges} dependencies");
        Assert.True(licensed > components.Count * 0.9, $"{licensed} of {components.Count}");
        Assert.True(edges > components.Count * 2, $"{edges} dependencies of {components.Count}");
    }

    [Fact]
    public void APatchIsInThePedigreeAndAnOverrideAmongTheProperties()
    {
        var components = Components(Bom("keystone"));
        var keystone = components.Single(x => Text(x, "name") == "keystone");
        var pedigree = keystone.GetProperty("pedigree");
        Assert.StartsWith("pkg:pypi/keystone@", Text(pedigree.GetProperty("ancestors")[0], "purl"),
            StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{40}$", Text(pedigree.GetProperty("commits")[0], "uid"));
        var patch = pedigree.GetProperty("patches")[0];
        Assert.Equal("cherry-pick", Text(patch, "type"));
        Assert.Contains("+mended", patch.GetProperty("diff").GetProperty("text").GetProperty("content").GetString(),
            StringComparison.Ordinal);
        Assert.Equal(["CVE-2026-12345", "2085902"],
            patch.GetProperty("resolves").EnumerateArray().Select(x => Text(x, "id")));
        Assert.Contains("added uwsgi",
            Property(components.Single(x => Text(x, "name") == "uWSGI"), "openstack-images:constraint-override"),
            StringComparison.Ordinal);
        Assert.False(Components(Bom("nova"))
            .Single(x => Text(x, "name") == "nova")
            .GetProperty("pedigree")
            .TryGetProperty("patches", out _));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1.6")]
    [InlineData("1.7")]
    public async Task TheSchemaOfCycloneDxAdmitsIt(string version)
    {
        const string Arguments = "--release 2025.1 --profile lab --no-logo --skip --cyclonedx-version";
        (await _repository.RunAsync($"Sbom --service keystone nova {Arguments} {version}")).ShouldSucceed();
        // Ends with a failure where there is no scanner, which is not what this is about.
        await _repository.RunAsync($"Scan --service keystone {Arguments} {version}");
        var documents = (_repository.Root / "artifacts").GlobFiles("**/*.cdx.json");
        Assert.True(documents.Count >= 4, $"{documents.Count} documents");
        foreach (var document in documents) Assert.Empty(SbomSchema.ErrorsIn(File.ReadAllText(document)));
    }

    [Fact]
    public async Task NothingChangedNothingDone()
    {
        var run = await _repository.RunAsync("Sbom --service keystone nova --release 2025.1 --profile lab --no-logo "
            + "--skip --cyclonedx-version 1.6");
        run = await _repository.RunAsync("Sbom --service keystone nova --release 2025.1 --profile lab --no-logo "
            + "--skip --cyclonedx-version 1.6");
        Assert.Contains("nothing, up to date", run.ShouldSucceed().Output, StringComparison.Ordinal);
        run = await _repository.RunAsync("SbomDiff --from artifacts/base/python-base/image --to "
            + "artifacts/2025.1/keystone/image --no-logo");
        Assert.Contains("pypi/keystone", run.ShouldSucceed().Output, StringComparison.Ordinal);
        Assert.Contains("| added | pypi/keystone |", File.ReadAllText(_repository.Root / "artifacts" / "sbom-diff.md"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task AScanWithoutTheScannerFailsAndTheVexIsThere()
    {
        var run = await _repository.RunAsync("Scan --service keystone --release 2025.1 --profile lab --no-logo --skip");
        run.ShouldFail("'grype' cannot be started", "Install Grype");
        using var vex = JsonDocument.Parse(File.ReadAllText(_repository.Root
            / "artifacts/2025.1/keystone/scan/linux-amd64.vex.cdx.json"));
        Assert.Equal("CVE-2026-12345", Text(vex.RootElement.GetProperty("vulnerabilities")[0], "id"));
    }

    async Task<string> AskAsync(string service, string script)
    {
        var engine = new Engine(s_lab / "bin" / "docker");
        var name = $"openstack-images/sbom:{service}";
        await engine.LoadAsync(OciLayout.Open(_repository.Root / "artifacts" / "2025.1" / service / "image"), [name]);
        try
        {
            var answer = await engine.RunPythonAsync(name, PlatformName.Native, script,
                new Dictionary<string, string>());
            Assert.True(answer.Succeeded, answer.Error);
            return answer.Text;
        }
        finally
        {
            await engine.RemoveAsync(name);
        }
    }

    JsonElement Bom(string image) => JsonDocument.Parse(File.ReadAllText(_repository.Root / "artifacts"
        / (image == "python-base" ? "base" : "2025.1") / image / "sbom" / "linux-amd64.cdx.json")).RootElement;

    static List<JsonElement> Components(JsonElement bom) => [.. bom.GetProperty("components").EnumerateArray()];

    static string Purl(JsonElement component) => Text(component, "purl")!;

    static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    static string? Property(JsonElement component, string name) => component.GetProperty("properties")
        .EnumerateArray()
        .Where(x => Text(x, "name") == name)
        .Select(x => Text(x, "value"))
        .FirstOrDefault();
}
