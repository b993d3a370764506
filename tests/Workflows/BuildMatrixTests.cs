using System.Text.Json.Nodes;
using OpenStack.Diagnostics;
using OpenStack.Workflows;

namespace OpenStack.Tests.Workflows;

/// <summary>The jobs that a plan asks for.</summary>
public sealed class BuildMatrixTests
{
    static readonly BuildPlatform[] s_platforms =
    [
        new("linux/amd64", "ubuntu-24.04"),
        new("linux/arm64", "ubuntu-24.04-arm"),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(300)]
    public void MatricesHaveEveryImageOnceAndNoMoreThan256Rows(int count)
    {
        var images = Enumerable.Range(1, count).Select(x => ($"service{x % 30}", $"{2000 + (x / 30)}.1")).ToList();
        var outputs = Outputs(images, (_, _) => true);
        foreach (var (name, rows) in (KeyValuePair<string, int>[])[new("build", count * 2), new("publish", count),
            new("reproduce", count * 2)])
        {
            var matrices = outputs.Where(x => x.Key.StartsWith($"{name}-", StringComparison.Ordinal))
                .Select(x => Rows(x.Value))
                .ToList();
            Assert.Equal(Enumerable.Range(1, BuildMatrix.ChunksOf(rows)).Select(x => $"{name}-{x}"),
                outputs.Keys.Where(x => x.StartsWith($"{name}-", StringComparison.Ordinal)));
            Assert.All(matrices, x => Assert.InRange(x.Count, 1, BuildMatrix.Limit));
            var all = matrices.SelectMany(x => x).Select(x => x.ToJsonString()).ToList();
            Assert.Equal(rows, all.Count);
            Assert.Equal(rows, all.Distinct().Count());
        }
    }

    [Fact]
    public void RowsHaveWhatTheJobsTakeFromThem()
    {
        var outputs = Outputs([("nova", "2025.1")], (_, _) => false);
        Assert.Equal("linux/amd64 linux/arm64", outputs["platforms"]);
        Assert.Equal("false", outputs["hermetic"]);
        Assert.Equal(
            """{"platform":"linux/arm64","platform-name":"linux-arm64","runner":"ubuntu-24.04-arm","hermetic":"false"}""",
            Rows(outputs["bases"])[1].ToJsonString());
        Assert.Equal(
            """{"service":"nova","release":"2025.1","platform":"linux/arm64","platform-name":"linux-arm64","runner":"ubuntu-24.04-arm","hermetic":"false"}""",
            Rows(outputs["build-1"])[1].ToJsonString());
        Assert.Equal("""{"service":"nova","release":"2025.1","hermetic":"false"}""",
            Assert.Single(Rows(outputs["publish-1"])).ToJsonString());
        Assert.DoesNotContain("reproduce-1", outputs.Keys);
    }

    /// <summary>An image is of all its platforms, a lock of one; an image without locks hinders no other.</summary>
    [Fact]
    public void WhatIsLockedForAllPlatformsIsBuiltFromLocks()
    {
        (string, string)[] images = [("keystone", "2025.1"), ("nova", "2025.1"), ("nova", "2026.1")];
        var outputs = Outputs(images, (image, platform) => image is not var (service, _)
            || service == "keystone" || (image == ("nova", "2026.1") && platform == "linux/amd64"));
        Assert.Equal("true", outputs["hermetic"]);
        Assert.All(Rows(outputs["bases"]), x => Assert.Equal("true", x["hermetic"]!.GetValue<string>()));
        Assert.Equal(["true", "true", "false", "false", "false", "false"],
            Rows(outputs["build-1"]).Select(x => x["hermetic"]!.GetValue<string>()));
        Assert.Equal(["keystone linux/amd64", "keystone linux/arm64"],
            Rows(outputs["reproduce-1"]).Select(x => $"{x["service"]} {x["platform"]}"));
        // Without a base that is built from locks, nothing is.
        var without = Outputs(images, (image, _) => image is not null);
        Assert.All(Rows(without["build-1"]), x => Assert.Equal("false", x["hermetic"]!.GetValue<string>()));
    }

    [Fact]
    public void ImagesThatRunTogetherAreTestedTogetherOnTheFirstPlatform()
    {
        var outputs = Outputs([("nova", "2025.1")], (_, _) => false,
            new ImageSet("2025.1", ["keystone", "nova"], ["keystone", "tempest"]));
        Assert.Equal(
            """{"release":"2025.1","services":"keystone nova","missing":"keystone tempest","platform":"linux/amd64","platform-name":"linux-amd64","runner":"ubuntu-24.04"}""",
            Assert.Single(Rows(outputs["sets"])).ToJsonString());
        Assert.DoesNotContain("sets", Outputs([("ovn", "2025.1")], (_, _) => false).Keys);
    }

    [Fact]
    public void NothingToBuildIsNoOutput() =>
        Assert.Empty(Outputs([], (_, _) => true));

    [Fact]
    public void ThePlatformsAreThoseOfTheFile() => Assert.Equal(s_platforms, BuildPlatforms.Read(RepositoryRoot.Path));

    [Theory]
    [InlineData("{}", "there are no platforms")]
    [InlineData("windows: x", "'windows' is no platform")]
    [InlineData("linux/amd64: [a]", "the label of a runner")]
    [InlineData("- linux/amd64", "a mapping of platform to runner")]
    public void MistakesOfTheFileAreNamed(string text, string problem) => Assert.Contains(problem,
        Assert.Throws<ProblemException>(() => BuildPlatforms.Parse(text)).Problems[0].ToString(),
        StringComparison.Ordinal);

    static IReadOnlyDictionary<string, string> Outputs(IReadOnlyList<(string, string)> images,
        Func<(string Service, string Release)?, string, bool> isLocked, params IReadOnlyList<ImageSet> sets) =>
        BuildMatrix.Outputs(images, sets, s_platforms, isLocked);

    static List<JsonObject> Rows(string matrix) =>
        [.. JsonNode.Parse(matrix)!["include"]!.AsArray().Select(x => x!.AsObject())];
}
