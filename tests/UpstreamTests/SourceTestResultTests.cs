using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Sources;
using OpenStack.UpstreamTests;

namespace OpenStack.Tests.UpstreamTests;

/// <summary>What the answers of those who run tests mean.</summary>
public sealed class SourceTestResultTests
{
    static readonly DateOnly s_today = new(2026, 11, 29);

    readonly TestSettings _settings = new()
    {
        Excluded =
        [
            new ExcludedTests("test_net", "It asks the network", new DateOnly(2027, 1, 1),
                new Problem("", "images/app/tests.yaml", 3)),
            new ExcludedTests("test_never", "It is no more", new DateOnly(2026, 11, 1),
                new Problem("", "images/app/tests.yaml", 6)),
        ],
    };

    [Fact]
    public void WhatPassesIsNoProblem()
    {
        var result = ResultOf([], new TestSettings(), Ships, Expects("all", 2),
            Outcome("all", "t.T.test_a"), Outcome("all", "t.T.test_b", "skip"));
        Assert.Empty(result.Problems(s_today));
        Assert.Equal("app 2025.1: 2 of 2 tests, 0 failed", result.State);
    }

    [Fact]
    public void AFailureThatDoesNotRepeatIsFlaky()
    {
        var result = ResultOf([], new TestSettings(), Ships, Outcome("all", "t.T.test_a", "fail"),
            Outcome("all", "t.T.test_b", "fail"), Outcome("again", "t.T.test_a"),
            Outcome("again", "t.T.test_b", "fail"));
        Assert.Equal(["t.T.test_a"], result.Flaky.Select(x => x.Test));
        Assert.Equal("app 2025.1: t.T.test_b failed: text of t.T.test_b", $"{Assert.Single(result.Problems(s_today))}");
    }

    [Theory]
    [InlineData("hangs", "t.T.test_a hangs: ")]
    [InlineData("lost", "t.T.test_a ended what ran it: ")]
    [InlineData("uxsuccess", "t.T.test_a passes, and was expected not to: ")]
    public void EveryKindOfFailureHasItsWord(string status, string expected) =>
        Assert.Contains(expected, $"{Assert.Single(ResultOf([], new TestSettings(), Ships,
            Outcome("all", "t.T.test_a", status)).Problems(s_today))}", StringComparison.Ordinal);

    [Fact]
    public void ARunOfNothingHasShownNothing()
    {
        Assert.Contains("no test ran", $"{Assert.Single(ResultOf([], new TestSettings(), Ships, Expects("all", 0))
            .Problems(s_today))}", StringComparison.Ordinal);
        Assert.Contains("no test ran", $"{Assert.Single(ResultOf([], new TestSettings(), Ships,
            Outcome("all", "t.T.test_a", "skip")).Problems(s_today))}", StringComparison.Ordinal);
    }

    [Fact]
    public void TestsOfAnotherTreeSayNothing()
    {
        Assert.Contains("2 files of the image are not those that the tests see, such as app/a.py",
            $"{ResultOf([], new TestSettings(), """{"ships": 3, "differ": ["app/a.py", "app/b.py"]}""",
                Outcome("all", "t.T.test_a")).Problems(s_today)[0]}", StringComparison.Ordinal);
        Assert.Contains("no file of the image is one that the tests see",
            $"{ResultOf([], new TestSettings(), """{"ships": 0, "differ": []}""", Outcome("all", "t.T.test_a"))
                .Problems(s_today)[0]}", StringComparison.Ordinal);
    }

    [Fact]
    public void ExclusionsEndAndAreOfSomething()
    {
        var result = ResultOf([], _settings, Ships,
            """{"run": "all", "tests": 1, "excluded": [4, 0]}""", Outcome("all", "t.T.test_a"));
        Assert.Equal([4, 0], result.Excluded!.Select(x => x.Tests));
        Assert.Equal(
        [
            "images/app/tests.yaml:6: 'test_never' was to be left out until 2026-11-01. See whether the reason still "
                + "holds, and write another day or remove it",
            "images/app/tests.yaml:6: 'test_never' is no test of 2025.1. Remove it, or name the releases that it is of",
        ], result.Problems(s_today).Select(x => $"{x}"));
    }

    [Theory]
    [InlineData(ProofKind.Proven, 1, "fail", "success")]
    [InlineData(ProofKind.PassesWithout, 1, "success", "success")]
    [InlineData(ProofKind.FailsWith, 1, "fail", "fail")]
    [InlineData(ProofKind.NotKnown, 1, "fail", "skip")]
    [InlineData(ProofKind.NoTests, 0, null, null)]
    [InlineData(ProofKind.NotKnown, 1, "fail", null)]
    public void APatchIsProvenByTestsThatFailWithoutIt(ProofKind kind, int tests, string? without, string? with)
    {
        var lines = new List<string> { Ships, Expects("0", tests) };
        if (without is not null) lines.Add(Outcome("0 without", "t.T.test_a", without));
        if (with is not null) lines.Add(Outcome("0 with", "t.T.test_a", with));
        var result = ResultOf([Patch()], new TestSettings(), [.. lines]);
        Assert.Equal(kind, Assert.Single(result.Proofs).Kind);
        Assert.Equal(kind is ProofKind.PassesWithout or ProofKind.FailsWith or ProofKind.NotKnown,
            Result(result).Any(x => x.File == "patches/app/2025.1/0001-a.patch"));
    }

    [Fact]
    public void TestsAloneHaveNothingToFailWithout() => Assert.Equal(ProofKind.TestsAlone,
        Assert.Single(ResultOf([Patch() with { ChangesCode = false }], new TestSettings(), Ships, Expects("0", 1),
            Outcome("0 with", "t.T.test_a")).Proofs).Kind);

    [Theory]
    [InlineData("no JSON")]
    [InlineData("{}")]
    [InlineData("""{"run": "all", "test": "x"}""")]
    [InlineData("""{"subunit": "%"}""")]
    public void WhatIsNoAnswerIsToldAsItIs(string line) => Assert.Contains(line,
        Assert.Throws<ProblemException>(() => ResultOf([], new TestSettings(), line)).Message,
        StringComparison.Ordinal);

    [Fact]
    public Task ResultsAreToldInJUnitsForm() => Verify(JUnit.Of(ResultOf([], new TestSettings(), Ships,
        Outcome("all", "t.T.test_a"), Outcome("all", "t.T.test_b", "skip"), Outcome("all", "t.T.test_c(s.1)", "fail"),
        Outcome("all", "t.T.test_d", "fail"), Outcome("again", "t.T.test_c(s.1)"))));

    const string Ships = """{"ships": 3, "differ": []}""";

    static IReadOnlyList<Problem> Result(SourceTestResult result) =>
        [.. result.Problems(s_today).Where(x => x.File is not null)];

    static TestedPatch Patch() => new("0001-a.patch", ["tests/test_a.py"], true, [], []);

    static string Expects(string run, int tests) => $$"""{"run": "{{run}}", "tests": {{tests}}}""";

    static string Outcome(string run, string test, string status = "success") => $$"""
        {"run": "{{run}}", "test": "{{test}}", "status": "{{status}}", "seconds": 0.5, "text": "text of {{test}}"}
        """;

    static SourceTestResult ResultOf(IReadOnlyList<TestedPatch> patches, TestSettings settings,
        params IReadOnlyList<string> lines)
    {
        AbsolutePath nowhere = Path.GetFullPath("/nowhere");
        var image = new PythonImage("app", "2025.1", "1.0", "", "", default, "app", nowhere, "", nowhere)
        {
            Directory = nowhere,
            PipExtras = [],
            PipPackages = [],
            AptPackages = [],
        };
        var result = new SourceTestResult(new PythonTest("app", image, "app", nowhere, "", nowhere,
            new PatchSeries("app", "2025.1", []), settings, nowhere), patches)
        {
            IsWhole = true,
        };
        foreach (var line in lines) result.Take(line);
        return result;
    }
}
