using System.Text.Json;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.UpstreamTests;

/// <summary>What came of the tests of one component, and of those of its patches.</summary>
/// <param name="test">What was tested.</param>
/// <param name="patches">Its patches.</param>
public sealed class SourceTestResult(SourceTest test, IReadOnlyList<TestedPatch> patches)
    : TestRunResult($"{test}", test.Image.Release, test.Tests.ExcludedIn(test.Image.Release))
{
    IReadOnlyList<string> _differing = [];

    public SourceTest Test { get; } = test;

    /// <summary>Files of the component that are installed as they are in the tree that was tested.</summary>
    public int Ships { get; private set; }

    /// <summary>What the patches' own tests show.</summary>
    public IReadOnlyList<PatchProof> Proofs => [.. patches.Select(ProofOf)];

    /// <inheritdoc/>
    public override IEnumerable<string> Passed => base.Passed
        .Concat(Proofs.Where(x => x.Kind is ProofKind.Proven or ProofKind.TestsAlone).Select(Told));

    /// <inheritdoc/>
    public override IEnumerable<string> NotPassed =>
        base.NotPassed.Concat(Proofs.Where(x => x.IsProblem).Select(Told));

    string Told(PatchProof proof) => $"{Test.Patches.Label(proof.Title)}: {proof}";

    /// <inheritdoc/>
    protected override void Take(JsonElement answer)
    {
        if (answer.TryGetProperty("ships", out var ships))
        {
            Ships = ships.GetInt32();
            _differing = [.. answer.GetProperty("differ").EnumerateArray().Select(x => x.GetString()!)];
        }
        else
        {
            base.Take(answer);
        }
    }

    PatchProof ProofOf(TestedPatch patch, int number)
    {
        var expected = ExpectedOf($"{number}") ?? 0;
        var with = Outcomes.Where(x => x.Run == $"{number} with").ToList();
        var without = Outcomes.Where(x => x.Run == $"{number} without").ToList();
        var failWithout = without.Count(x => x.IsFailed);
        return new PatchProof(patch.Title, Kind(), with.Count, failWithout);

        ProofKind Kind() =>
            with.Any(x => x.IsFailed) ? ProofKind.FailsWith
            : RunProblems.Any(x => x.Run == $"{number} with") || (expected > 0 && with.Count == 0) ? ProofKind.NotKnown
            : expected == 0 ? ProofKind.NoTests
            : with.All(x => x.IsSkipped) ? ProofKind.NotKnown
            : !patch.ChangesCode ? ProofKind.TestsAlone
            // One that ends what runs it has failed.
            : failWithout > 0 || RunProblems.Any(x => x.Run == $"{number} without") ? ProofKind.Proven
            : ProofKind.PassesWithout;
    }

    /// <summary>Everything that is wrong.</summary>
    /// <param name="today">An exclusion counts until its day.</param>
    public IReadOnlyList<Problem> Problems(DateOnly today) =>
    [
        .. OtherThanShips(), .. OfPatches(),
        .. OfTests(today, $"See whether 'paths' in images/{Test.Image.Service}/{TestSettingsFile.Name} leads to some"),
    ];

    IEnumerable<Problem> OtherThanShips()
    {
        if (Test.Distribution is null) yield break;
        if (_differing.Count > 0)
            yield return new Problem($"{Test}: {_differing.Count} files of the image are not those that the tests see, "
                + $"such as {_differing[0]}", Remedy: "Build the image again: BuildService --no-cache");
        else if (Ships == 0)
            yield return new Problem($"{Test}: no file of the image is one that the tests see",
                Remedy: $"See whether {Test.Distribution} is what the tree is");
    }

    IEnumerable<Problem> OfPatches() => Proofs.Index().Where(x => x.Item.IsProblem).Select(x =>
        new Problem($"{x.Item}{Details(x.Index, x.Item.Kind)}", Test.Patches.Label(x.Item.Title.Split(' ')[0]),
            Remedy: x.Item.Kind == ProofKind.PassesWithout
                ? "Give it a test of what it changes, or mend the one that it has"
                : "See what its tests say"));

    string Details(int number, ProofKind kind)
    {
        if (kind == ProofKind.PassesWithout) return "";
        var told = Outcomes.Where(x => x.Run == $"{number} with" && !x.IsPassed)
            .Select(x => $"{x.Test} {Word(x)}: {x.Text}")
            .Concat(RunProblems.Where(x => x.Run == $"{number} with").Select(x => x.Text));
        return string.Concat(told.Select(x => $"\n{x}")) + (kind == ProofKind.NotKnown ? $"\n{Printed}\n" : "");
    }
}
