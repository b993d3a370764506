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
        var outputs = BuildMatrix.Outputs(images, s_platforms);
        foreach (var (name, rows) in (KeyValuePair<string, int>[])[new("build", count * 2), new("publish", count)])
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
        var outputs = BuildMatrix.Outputs([("nova", "2025.1")], s_platforms);
        Assert.Equal("linux/amd64 linux/arm64", outputs["platforms"]);
        Assert.Equal("""{"platform":"linux/arm64","platform-name":"linux-arm64","runner":"ubuntu-24.04-arm"}""",
            Rows(outputs["bases"])[1].ToJsonString());
        Assert.Equal(
            """{"service":"nova","release":"2025.1","platform":"linux/arm64","platform-name":"linux-arm64","runner":"ubuntu-24.04-arm"}""",
            Rows(outputs["build-1"])[1].ToJsonString());
        Assert.Equal("""{"service":"nova","release":"2025.1"}""",
            Assert.Single(Rows(outputs["publish-1"])).ToJsonString());
    }

    [Fact]
    public void NothingToBuildIsNoOutput() => Assert.Empty(BuildMatrix.Outputs([], s_platforms));

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

    static List<JsonObject> Rows(string matrix) =>
        [.. JsonNode.Parse(matrix)!["include"]!.AsArray().Select(x => x!.AsObject())];
}
