using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.UpstreamTests;

/// <summary>What came of tests of upstream's: the answers of <c>run_tests.py</c>.</summary>
/// <param name="name">What was tested.</param>
/// <param name="release">Of which release that is.</param>
/// <param name="exclusions">The tests that do not count there.</param>
public abstract class TestRunResult(string name, string release, IReadOnlyList<ExcludedTests> exclusions)
{
    protected const string All = "all";
    protected const string Again = "again";

    readonly List<TestOutcome> _outcomes = [];
    readonly List<(string Run, string Text)> _problems = [];
    readonly ArrayBufferWriter<byte> _subunit = new();
    readonly Dictionary<string, int> _expected = [];
    readonly Stopwatch _clock = new();
    IReadOnlyList<int>? _excluded;
    (string Run, int Done, int Failed) _now = ("", 0, 0);
    Action<string>? _tell;

    public string Name { get; } = name;

    /// <summary>Whether all its tests ran that count, and not some that somebody has picked.</summary>
    public bool IsWhole { get; init; }

    /// <summary>What runs now, and how far it is; null before anything does.</summary>
    public string? State => _now is var (run, done, failed) && run.Length > 0 ? Told(run, done, failed) : null;

    /// <summary>
    /// Tells how far it is, and what fails, when it does; until what this gives is disposed.
    /// </summary>
    /// <param name="watch">Is told.</param>
    /// <param name="before">What is under way before any test is.</param>
    public IDisposable Follow(Watch watch, Func<string> before)
    {
        _tell = watch.Tell;
        return watch.Begin(Name, () => State ?? before());
    }

    /// <summary>Each test once, as it was at first.</summary>
    public IReadOnlyList<TestOutcome> Tests => [.. Outcomes.Where(x => x.Run == All)];

    /// <summary>The runner's own stream.</summary>
    public byte[] Subunit => _subunit.WrittenSpan.ToArray();

    /// <summary>Those that failed, and passed when they were run again by themselves.</summary>
    public IReadOnlyList<TestOutcome> Flaky
    {
        get
        {
            var passed = Outcomes.Where(x => x.Run == Again && x.IsPassed).Select(x => x.Test)
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
    public IReadOnlyList<(ExcludedTests Exclusion, int Tests)>? Excluded =>
        _excluded is null ? null : [.. exclusions.Zip(_excluded)];

    /// <summary>What held, by class of tests.</summary>
    public virtual IEnumerable<string> Passed => Tests
        .GroupBy(x => Named(x.Test) is ({ Length: > 0 } of, _) ? of : x.Test)
        .Where(x => x.All(y => !y.IsFailed))
        .Select(x => (x.Key, Count: x.Count(y => y.IsPassed))).Where(x => x.Count > 0)
        .Select(x => $"{Name}: {x.Key} ({x.Count})");

    /// <summary>What passed at the second time alone.</summary>
    public IEnumerable<string> Warned => Flaky.Select(x => $"{Name}: {x.Test} is flaky");

    /// <summary>What did not hold.</summary>
    public virtual IEnumerable<string> NotPassed => Failed.Select(x => $"{Name}: {x.Test}");

    /// <summary>What was printed at the end, where a run came to none.</summary>
    public string? Printed { get; set; }

    protected IReadOnlyList<TestOutcome> Outcomes => _outcomes;

    /// <summary>Why a run came to no end, or was none.</summary>
    protected IReadOnlyList<(string Run, string Text)> RunProblems => _problems;

    /// <summary>How many tests a run was to have; null where it was not said.</summary>
    protected int? ExpectedOf(string run) => _expected.TryGetValue(run, out var count) ? count : null;

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
            throw new ProblemException($"what runs the tests of {Name} says '{line}'", inner: e);
        }
    }

    protected virtual void Take(JsonElement answer)
    {
        if (answer.TryGetProperty("subunit", out var stream))
        {
            _subunit.Write(stream.GetBytesFromBase64());
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
        if (outcome.Run != _now.Run)
        {
            _now = (outcome.Run, 0, 0);
            _clock.Restart();
        }

        _now = (outcome.Run, _now.Done + 1, _now.Failed + (outcome.IsFailed ? 1 : 0));
        // Without a patch they are to fail.
        if (outcome.IsFailed && outcome.Run == All)
            _tell?.Invoke($"{outcome.Test} {Word(outcome)}: {LastLine(outcome)}");
    }

    static string LastLine(TestOutcome outcome) =>
        outcome.Text.Split('\n').LastOrDefault(x => !string.IsNullOrWhiteSpace(x), "").Trim();

    string Told(string run, int done, int failed)
    {
        var what = run switch
        {
            All => "tests",
            Again => "tests again",
            _ => $"tests of patch {run}",
        };
        var of = ExpectedOf(run) is { } expected ? $" of {expected}" : "";
        return $"{Name}: {done}{of} {what}, {failed} failed{Left(run, done)}";
    }

    /// <summary>How long the rest takes, if that is as quick as what was run.</summary>
    string Left(string run, int done)
    {
        if (done < 20 || ExpectedOf(run) is not { } expected || expected <= done) return "";
        var seconds = Math.Ceiling(_clock.Elapsed.TotalSeconds * (expected - done) / done);
        return $", about {TimeSpan.FromSeconds(seconds):h\\:mm\\:ss} left";
    }

    /// <summary>Writes each test down, for those who show them.</summary>
    public void Write(AbsolutePath junit, AbsolutePath subunit)
    {
        AtomicFile.WriteText(junit, JUnit.Of(this));
        AtomicFile.Write(subunit, x => File.WriteAllBytes(x, Subunit));
    }

    /// <summary>What is wrong with the tests themselves.</summary>
    /// <param name="today">An exclusion counts until its day.</param>
    /// <param name="onNone">What to do where no test ran.</param>
    protected IEnumerable<Problem> OfTests(DateOnly today, string onNone) =>
    [
        .. OfExclusions(today),
        .. _problems.Where(x => x.Run is All or Again).Select(x => new Problem($"{Name}: {x.Text}\n{Printed}")),
        .. IsWhole && Tests.All(x => x.IsSkipped) && _problems.Count == 0
            ? [new Problem($"{Name}: no test ran", Remedy: onNone)]
            : Array.Empty<Problem>(),
        .. Failed.Select(x => new Problem($"{Name}: {x.Test} {Word(x)}: {x.Text}")),
    ];

    IEnumerable<Problem> OfExclusions(DateOnly today)
    {
        foreach (var exclusion in exclusions.Where(x => x.Until <= today))
            yield return exclusion.At with
            {
                Found = $"'{exclusion.Tests}' was to be left out until {exclusion.Until:yyyy-MM-dd}",
                Remedy = "See whether the reason still holds, and write another day or remove it",
            };
        if (!IsWhole) yield break;
        foreach (var (exclusion, _) in (Excluded ?? []).Where(x => x.Tests == 0))
            yield return exclusion.At with
            {
                Found = $"'{exclusion.Tests}' is no test of {release}",
                Remedy = "Remove it, or name the releases that it is of",
            };
    }

    protected static string Word(TestOutcome outcome) => outcome.Status switch
    {
        "hangs" => "hangs",
        "lost" => "ended what ran it",
        "uxsuccess" => "passes, and was expected not to",
        "skip" => "was skipped",
        _ => "failed",
    };

    /// <summary>Class and name of a test: <c>a.b.Class.test</c>, <c>suite.at: what it tests</c>.</summary>
    internal static (string Class, string Name) Named(string test)
    {
        if (test.Split(": ", 2) is [var suite, var name] && suite.EndsWith(".at", StringComparison.Ordinal))
            return (suite, name);
        var dot = test.Split('(', '[')[0].LastIndexOf('.');
        return dot < 0 ? ("", test) : (test[..dot], test[(dot + 1)..]);
    }
}
