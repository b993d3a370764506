using OpenStack.Diagnostics;
using OpenStack.Outcomes;

namespace OpenStack.Tests.Outcomes;

public sealed class TogetherTests
{
    readonly List<string> _rounds = [];
    readonly List<string> _failures = [];

    [Fact]
    public async Task WhatFailsIsTakenOutAndTheRestIsDoneAgain()
    {
        Assert.Equal("a d", await DoAsync(["a", "b", "c", "d"], isWanted: _ => true, "b", "c"));
        Assert.Equal(["a b c d", "a c d", "a d"], _rounds);
        Assert.Equal(["b: b is wrong", "c: c is wrong"], _failures);
    }

    /// <summary>Wheels of libraries that only skipped images would have are not built.</summary>
    [Fact]
    public async Task SoIsWhatNobodyWantsAnyMore() =>
        Assert.Equal("a", await DoAsync(["a", "b", "c"], isWanted: x => x == "a", "b"));

    [Fact]
    public async Task NothingMayBeLeft() => Assert.Equal("", await DoAsync(["a"], isWanted: _ => true, "a"));

    [Theory]
    [InlineData(null)]
    [InlineData("wheelhouse")]
    public async Task WhatIsAboutNoneOfThemEndsTheWhole(string? subject) => Assert.Equal("the engine is gone",
        (await Assert.ThrowsAsync<ProblemException>(() => Together.DoAsync<string, string>(["a"], x => x,
            _ => throw new ProblemException(new Problem("the engine is gone") { Subject = subject }),
            _ => throw new InvalidOperationException("It is not a's failure.")))).Message);

    [Fact]
    public async Task SoDoesWhatNothingElseWouldFareBetterWith() =>
        await Assert.ThrowsAsync<ProblemException>(() => Together.DoAsync<string, string>(["a"], x => x,
            _ => throw new ProblemException(new Problem("the disk is full") { Subject = "a" }) { IsOfAll = true },
            _ => throw new InvalidOperationException("It is not a's failure.")));

    Task<string> DoAsync(IReadOnlyList<string> items, Func<string, bool> isWanted, params string[] wrong) =>
        Together.DoAsync(items, x => x, left =>
        {
            _rounds.Add(string.Join(' ', left));
            return wrong.FirstOrDefault(left.Contains) is { } first
                ? throw new ProblemException(new Problem($"{first} is wrong") { Subject = first })
                : Task.FromResult(string.Join(' ', left));
        }, failed =>
        {
            _failures.AddRange(failed.Select(x => $"{x.Item}: {x.Failure.Message}"));
            return isWanted;
        });
}
