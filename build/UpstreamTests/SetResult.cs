using System.Text.RegularExpressions;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.UpstreamTests;

/// <summary>What came of a set: what its members answered, and Tempest's tests.</summary>
/// <param name="set">The set.</param>
public sealed class SetResult(ServiceSet set)
    : TestRunResult($"Tempest {set.Release}", set.Release, set.Tests.ExcludedIn(set.Release))
{
    public ServiceSet Set { get; } = set;

    /// <summary>What its members were asked for, and how long each took until it answered.</summary>
    public SetStart Start { get; } = new(set);

    /// <summary>Whether there are tests of Tempest's about any member.</summary>
    public bool HasTests => Set.TestsOfMembers.Length > 0;

    /// <summary>What an image of the set has shown: its members' answers, and, of all of it, Tempest.</summary>
    public IEnumerable<string> PassedOf(string image) =>
        AnswersOf(image).Where(x => x.Holds).Select(x => $"{x.Member.Name}: {x.Name}").Concat(Passed);

    /// <inheritdoc/>
    public override IEnumerable<string> NotPassed =>
        base.NotPassed.Concat(Unexplained.Select(x => $"{Name}: {x.Test} was skipped"));

    public IEnumerable<string> NotPassedOf(string image) =>
        AnswersOf(image).Where(x => !x.Holds).Select(x => $"{x.Member.Name}: {x.Name}").Concat(NotPassed);

    IEnumerable<SetAnswer> AnswersOf(string image) => Start.Answers.Where(x => x.Member.Image == image);

    /// <summary>Tests that were skipped, and nothing says why they may be.</summary>
    public IReadOnlyList<TestOutcome> Unexplained =>
        [.. Tests.Where(x => x.IsSkipped && !Set.Skips.Any(y => Regex.IsMatch(x.Text, y)))];

    /// <summary>Everything that is wrong.</summary>
    /// <param name="today">An exclusion counts until its day.</param>
    public IReadOnlyList<Problem> Problems(DateOnly today) =>
    [
        .. Start.Answers.Where(x => !x.Holds).Select(x => new Problem($"{x.Member.Name}: {x.Name}: found {x.Found}")),
        .. OfTests(today, $"See what --test-selection and 'tests' of the services' {SetFile.Name} leave of Tempest's"),
        .. Unexplained.GroupBy(x => x.Text).Select(x => new Problem($"{Name}: {x.Count()} tests were skipped, such as "
            + $"{x.First().Test}: {x.Key}", Remedy: $"Let the set have what they want, or write under 'skips' in "
            + $"images/{ServiceSet.Tempest}/{SetFile.Name} that it does not")),
    ];
}
