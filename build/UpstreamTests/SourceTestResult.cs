using System.Buffers;
using System.Text.Json;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.UpstreamTests;

/// <summary>What came of the tests of one component: the answers of <c>run_tests.py</c>, judged.</summary>
/// <param name="test">What was tested.</param>
/// <param name="patches">Its patches.</param>
public sealed class SourceTestResult(SourceTest test, IReadOnlyList<TestedPatch> patches)
{
    const string All = "all";
    const string Again = "again";

    readonly List<TestOutcome> _outcomes = [];
    readonly List<(string Run, string Text)> _problems = [];
    readonly ArrayBufferWriter<byte> _subunit = new();
    readonly Dictionary<string, int> _expected = [];
    IReadOnlyList<string> _differing = [];
    IReadOnlyList<int>? _excluded;
    (string Run, int Done, int Failed) _now = ("", 0, 0);

    public SourceTest Test { get; } = test;

    /// <summary>Files of the component that are installed as they are in the tree that was tested.</summary>
    public int Ships { get; private set; }

    /// <summary>Whether all its tests ran that count, and not some that somebody has picked.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What runs now, and how far it is; null before anything does.</summary>
    public string? State { get; private set; }

    /// <summary>Each test once, as it was at first.</summary>
    public IReadOnlyList<TestOutcome> Tests => [.. _outcomes.Where(x => x.Run == All)];

    /// <summary>The runner's own stream.</summary>
    public byte[] Subunit => _subunit.WrittenSpan.ToArray();

    /// <summary>Those that failed, and passed when they were run again by themselves.</summary>
    public IReadOnlyList<TestOutcome> Flaky
    {
        get
        {
            var passed = _outcomes.Where(x => x.Run == Again && x.IsPassed).Select(x => x.Test)
                .ToHashSet(StringComparer.Ordinal);
            return [.. Failures.Where(x => passed.Contains(x.Test))];
        }
    }

    /// <summary>Those that failed and did not pass again.</summary>
    public IReadOnlyList<TestOutcome> Failed => [.. Failures.ExceptBy(Flaky.Select(x => x.Test), x => x.Test)];

    IEnumerable<TestOutcome> Failures => Tests.Where(x => x.IsFailed).DistinctBy(x => x.Test);

    /// <summary>
    /// What each exclusion means, in the order of those of the release; null where nothing was counted.
    /// </summary>
    public IReadOnlyList<(ExcludedTests Exclusion, int Tests)>? Excluded => _excluded is null ? null
        : [.. Test.Tests.ExcludedIn(Test.Image.Release).Zip(_excluded)];

    /// <summary>What the patches' own tests show.</summary>
    public IReadOnlyList<PatchProof> Proofs => [.. patches.Select(ProofOf)];

    /// <summary>What held, by class of tests, and by patch.</summary>
    public IEnumerable<string> Passed => Tests.GroupBy(x => ClassOf(x.Test)).Where(x => x.All(y => !y.IsFailed))
        .Select(x => (x.Key, Count: x.Count(y => y.IsPassed))).Where(x => x.Count > 0)
        .Select(x => $"{Test}: {x.Key} ({x.Count})")
        .Concat(Proofs.Where(x => x.Kind is ProofKind.Proven or ProofKind.TestsAlone).Select(Told));

    /// <summary>What passed at the second time alone.</summary>
    public IEnumerable<string> Warned => Flaky.Select(x => $"{Test}: {x.Test} is flaky");

    /// <summary>What did not hold: each test, each patch.</summary>
    public IEnumerable<string> NotPassed =>
        Failed.Select(x => $"{Test}: {x.Test}").Concat(Proofs.Where(x => x.IsProblem).Select(Told));

    string Told(PatchProof proof) => $"{Test.Patches.Label(proof.Title)}: {proof}";

    static string ClassOf(string test) =>
        test.Split('(', '[')[0] is var name && name.LastIndexOf('.') is var dot and > 0 ? name[..dot] : name;

    /// <summary>Takes a line of answers.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public void Take(string line)
    {
        try
        {
            using var answer = JsonDocument.Parse(line);
            Take(answer.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            throw new ProblemException($"what runs the tests of {Test} says '{line}'", inner: e);
        }
    }

    void Take(JsonElement answer)
    {
        if (answer.TryGetProperty("subunit", out var stream))
        {
            _subunit.Write(stream.GetBytesFromBase64());
        }
        else if (answer.TryGetProperty("ships", out var ships))
        {
            Ships = ships.GetInt32();
            _differing = [.. answer.GetProperty("differ").EnumerateArray().Select(x => x.GetString()!)];
        }
        else if (answer.GetProperty("run").GetString()! is var run && answer.TryGetProperty("problem", out var problem))
        {
            _problems.Add((run, problem.GetString()!));
        }
        else if (answer.TryGetProperty("tests", out var tests))
        {
            _expected[run] = tests.GetInt32();
            if (answer.TryGetProperty("excluded", out var excluded))
                _excluded = [.. excluded.EnumerateArray().Select(x => x.GetInt32())];
        }
        else
        {
            Add(new TestOutcome(run, answer.GetProperty("test").GetString()!,
                answer.GetProperty("status").GetString()!, answer.GetProperty("seconds").GetDouble(),
                answer.GetProperty("text").GetString() ?? ""));
        }
    }

    /// <summary>There may be tens of thousands: what is told of them is counted as they come.</summary>
    void Add(TestOutcome outcome)
    {
        _outcomes.Add(outcome);
        var (done, failed) = outcome.Run == _now.Run ? (_now.Done, _now.Failed) : (0, 0);
        _now = (outcome.Run, done + 1, failed + (outcome.IsFailed ? 1 : 0));
        State = Told(_now.Run, _now.Done, _now.Failed);
    }

    string Told(string run, int done, int failed)
    {
        var what = run switch
        {
            All => "tests",
            Again => "tests again",
            _ => $"tests of patch {run}",
        };
        var of = _expected.TryGetValue(run, out var expected) ? $" of {expected}" : "";
        return $"{Test}: {done}{of} {what}, {failed} failed";
    }

    PatchProof ProofOf(TestedPatch patch, int number)
    {
        var expected = _expected.GetValueOrDefault($"{number}");
        var with = _outcomes.Where(x => x.Run == $"{number} with").ToList();
        var without = _outcomes.Where(x => x.Run == $"{number} without").ToList();
        var failWithout = without.Count(x => x.IsFailed);
        return new PatchProof(patch.Title, Kind(), with.Count, failWithout);

        ProofKind Kind() =>
            with.Any(x => x.IsFailed) ? ProofKind.FailsWith
            : _problems.Any(x => x.Run == $"{number} with") || (expected > 0 && with.Count == 0) ? ProofKind.NotKnown
            : expected == 0 ? ProofKind.NoTests
            : with.All(x => x.IsSkipped) ? ProofKind.FailsWith
            : !patch.ChangesCode ? ProofKind.TestsAlone
            // One that ends what runs it has failed.
            : failWithout > 0 || _problems.Any(x => x.Run == $"{number} without") ? ProofKind.Proven
            : ProofKind.PassesWithout;
    }

    /// <summary>What was printed at the end, where a run came to none.</summary>
    public string? Printed { get; set; }

    /// <summary>Everything that is wrong.</summary>
    /// <param name="today">An exclusion counts until its day.</param>
    public IReadOnlyList<Problem> Problems(DateOnly today) =>
    [
        .. OtherThanShips(), .. OfPatches(), .. OfExclusions(today),
        .. _problems.Where(x => x.Run is All or Again).Select(x => new Problem($"{Test}: {x.Text}\n{Printed}")),
        .. IsWhole && Tests.All(x => x.IsSkipped) && _problems.Count == 0
            ? [new Problem($"{Test}: no test ran", Remedy: "See whether 'paths' in "
                + $"images/{Test.Image.Service}/{TestSettingsFile.Name} leads to some")]
            : Array.Empty<Problem>(),
        .. Failed.Select(x => new Problem($"{Test}: {x.Test} {Word(x)}: {x.Text}")),
    ];

    IEnumerable<Problem> OtherThanShips()
    {
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
        var told = _outcomes.Where(x => x.Run == $"{number} with" && !x.IsPassed)
            .Select(x => $"{x.Test} {Word(x)}: {x.Text}")
            .Concat(_problems.Where(x => x.Run == $"{number} with").Select(x => x.Text));
        return string.Concat(told.Select(x => $"\n{x}")) + (kind == ProofKind.NotKnown ? $"\n{Printed}\n" : "");
    }

    IEnumerable<Problem> OfExclusions(DateOnly today)
    {
        foreach (var exclusion in Test.Tests.ExcludedIn(Test.Image.Release).Where(x => x.Until <= today))
            yield return exclusion.At with
            {
                Found = $"'{exclusion.Tests}' was to be left out until {exclusion.Until:yyyy-MM-dd}",
                Remedy = "See whether the reason still holds, and write another day or remove it",
            };
        if (!IsWhole) yield break;
        foreach (var (exclusion, _) in (Excluded ?? []).Where(x => x.Tests == 0))
            yield return exclusion.At with
            {
                Found = $"'{exclusion.Tests}' is no test of {Test.Image.Release}",
                Remedy = "Remove it, or name the releases that it is of",
            };
    }

    static string Word(TestOutcome outcome) => outcome.Status switch
    {
        "hangs" => "hangs",
        "lost" => "ended what ran it",
        "uxsuccess" => "passes, and was expected not to",
        "skip" => "was skipped",
        _ => "failed",
    };
}
