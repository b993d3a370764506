using OpenStack.Diagnostics;

namespace OpenStack.UpstreamTests;

/// <summary>What came of tests, for people.</summary>
public static class SourceTestTable
{
    /// <summary>A row for each patch.</summary>
    public static TextTable OfPatches(IEnumerable<SourceTestResult> results) => new(["", "patch", "what it shows"],
        [.. results.SelectMany(x => x.Proofs.Select(y => (string[])[WordOf(y), x.Test.Patches.Label(y.Title), $"{y}"]))
            .DistinctBy(x => string.Join('\n', x))]);

    static string WordOf(PatchProof proof) => proof.IsProblem ? "FAIL" : proof.Kind == ProofKind.Proven ? "ok" : "-";

    /// <summary>A row for each of which tests ran.</summary>
    public static TextTable Of(IEnumerable<TestRunResult> results) => new(
        ["tests of", "passed", "failed", "flaky", "skipped", "left out", "longest"],
        [.. results.Where(x => x.Tests.Count > 0).Select(x => (string[])
        [
            x.Name, $"{x.Tests.Count(y => y.IsPassed)}", $"{x.Failed.Count}", $"{x.Flaky.Count}",
            $"{x.Tests.Count(y => y.IsSkipped)}", $"{x.Excluded?.Sum(y => y.Tests)}",
            x.Tests.MaxBy(y => y.Seconds) is { } longest ? $"{longest.Seconds:0.0} s {longest.Test}" : "",
        ])]);
}
