using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OpenStack.Catalog;
using OpenStack.Images;

namespace OpenStack.Tests.Updates;

/// <summary>
/// What renovate.json looks for is there: a pattern that matches nothing is no error to Renovate, and no update either.
/// </summary>
public sealed class RenovateTests
{
    static readonly JsonNode s_config = JsonNode.Parse(File.ReadAllText(RepositoryRoot.Path / "renovate.json"))!;

    [Fact]
    public void TheBenchmarkNamesTheUvOfTheDockerfile()
    {
        var match = Match("tests/benchmark", File.ReadAllText(RepositoryRoot.Path / "tests/benchmark"));
        var uv = Dockerfile.Read(RepositoryRoot.Path / "images/venv-builder/Dockerfile").ExternalImages.Single();
        Assert.Equal(uv.Split('@')[0], $"{match.Groups["depName"].Value}:{match.Groups["currentValue"].Value}");
    }

    [Theory]
    [InlineData("- { name: actions/checkout, version: v6.0.1, sha: 0123456789abcdef0123456789abcdef01234567 }",
        "actions/checkout", "actions/checkout", "v6.0.1")]
    [InlineData(
        "- {name: \"actions/cache/restore\", version: \"4.2\", sha: \"0123456789abcdef0123456789abcdef01234567\"}",
        "actions/cache/restore", "actions/cache", "4.2")]
    [InlineData(
        "- name: sigstore/cosign-installer\n  version: v4.0.0\n  sha: 0123456789abcdef0123456789abcdef01234567\n",
        "sigstore/cosign-installer", "sigstore/cosign-installer", "v4.0.0")]
    public void ActionsAreFoundInEveryFormOfTheirFile(string text, string name, string package, string version)
    {
        var groups = Match("build/Workflows/actions.yaml", text).Groups;
        Assert.Equal((name, package, version, "0123456789abcdef0123456789abcdef01234567"), (groups["depName"].Value,
            groups["packageName"].Value, groups["currentValue"].Value, groups["currentDigest"].Value));
    }

    [Fact]
    public void EveryActionOfTheRepositoryIsFound()
    {
        var text = File.ReadAllText(RepositoryRoot.Path / "build/Workflows/actions.yaml");
        Assert.Equal(Regex.Count(text, @"\bname:"), Patterns("build/Workflows/actions.yaml").Sum(x => x.Count(text)));
    }

    [Fact]
    public void WhatUpdateDoesIsNotDoneTwice()
    {
        Assert.Contains("releases/**", s_config["ignorePaths"]!.AsArray().Select(x => (string?)x));
        foreach (var pattern in s_config["customManagers"]!.AsArray()
            .SelectMany(x => x!["managerFilePatterns"]!.AsArray()))
            Assert.DoesNotMatch(((string)pattern!).Trim('/'), $"releases/2025.1/{SourceRefsFile.Name}");
    }

    [Fact]
    public void NothingWithoutATimestampWaitsForItsAge()
    {
        Assert.Equal("timestamp-optional", (string?)s_config["minimumReleaseAgeBehaviour"]);
        var rule = s_config["packageRules"]!.AsArray().First(x => x!.AsObject().ContainsKey("minimumReleaseAge"))!;
        Assert.Null(rule["minimumReleaseAge"]);
        Assert.Equal(["docker", "git-tags", "git-refs"], rule["matchDatasources"]!.AsArray().Select(x => (string?)x));
    }

    /// <summary>
    /// What something else takes the place of is of one version: Renovate asks before it changes one.
    /// </summary>
    [Fact]
    public void PackagesThatHaveAStandInWaitForApproval()
    {
        var standIns = Directory.EnumerateDirectories(RepositoryRoot.Path / "build" / "compat")
            .Select(Path.GetFileName);
        var rule = s_config["packageRules"]!.AsArray()
            .Single(x => x!.AsObject().ContainsKey("dependencyDashboardApproval"))!["matchPackageNames"]!;
        Assert.Equal([.. standIns.Append("CycloneDX.Core").Order(StringComparer.Ordinal)],
            rule.AsArray().Select(x => (string)x!).Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Where a feed lacks the library, its assembly comes out of a package whose version says nothing of it.
    /// </summary>
    [Fact]
    public void CycloneDXIsTheOneThatIsNamedWhereverItIsFrom()
    {
        var version = XDocument.Load(RepositoryRoot.Path / "Directory.Packages.props").Descendants("PackageVersion")
            .Single(x => (string?)x.Attribute("Include") == "CycloneDX.Core").Attribute("Version")!.Value;
        Assert.Equal($"{version}.0", $"{typeof(CycloneDX.Models.Bom).Assembly.GetName().Version}");
    }

    static Match Match(string file, string text) => Assert.Single(Patterns(file).SelectMany(x => x.Matches(text)));

    static IEnumerable<Regex> Patterns(string file) => s_config["customManagers"]!.AsArray()
        .Where(x => x!["managerFilePatterns"]!.AsArray().Any(y => Regex.IsMatch(file, ((string)y!).Trim('/'))))
        .SelectMany(x => x!["matchStrings"]!.AsArray()).Select(x => new Regex((string)x!));
}
