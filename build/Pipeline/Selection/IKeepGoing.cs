using OpenStack.Diagnostics;
using OpenStack.Outcomes;
using Serilog;

namespace OpenStack.Pipeline.Selection;

/// <summary>
/// Work on several components, of which one may fail: without <c>--keep-going</c> all are looked at and the target
/// fails, with it those that fail are left out of <see cref="IHazSelection.Selection"/> from then on.
/// </summary>
interface IKeepGoing : IHazSelection, IHazOutcome
{
    /// <summary>NUKE's own for a build that fails.</summary>
    const int FailureExitCode = -1;

    /// <summary>Does the same to each of several things, side by side.</summary>
    /// <param name="items">The things.</param>
    /// <param name="of">The component that one is of; null where all others need it.</param>
    /// <param name="work">What is done; is cancelled when it takes longer than <c>--timeout</c>.</param>
    /// <param name="atOnce">How many at a time; as many as there are processors where it is not given.</param>
    /// <param name="place">Says of a problem where the user wrote what it is about.</param>
    /// <returns>The results of those that have not failed, in the order of the items.</returns>
    async Task<IReadOnlyList<TResult>> EachAsync<T, TResult>(IEnumerable<T> items, Func<T, Workspace?> of,
        Func<T, CancellationToken, Task<TResult>> work, int? atOnce = null, Func<T, Problem, Problem>? place = null)
    {
        TakeSelection();
        var attempts = await Problems.AttemptAsync(items, async (x, cancellation) =>
        {
            var what = of(x)?.ToString();
            using var underWay = what is null ? null : Run.Watch.Begin(what);
            return await WithinLimitAsync(what, y => work(x, y), cancellation);
        }, atOnce, place);
        Fail([.. attempts.Where(x => x.Failure is not null).Select(x => (of(x.Item), x.Failure!))]);
        return [.. attempts.Where(x => x.Failure is null).Select(x => x.Result!)];
    }

    /// <inheritdoc cref="EachAsync{T,TResult}"/>
    Task EachAsync<T>(IEnumerable<T> items, Func<T, Workspace?> of, Func<T, CancellationToken, Task> work,
        int? atOnce = null, Func<T, Problem, Problem>? place = null) =>
        EachAsync(items, of, async (x, cancellation) =>
        {
            await work(x, cancellation);
            return true;
        }, atOnce, place);

    /// <inheritdoc cref="EachAsync{T,TResult}"/>
    IReadOnlyList<TResult> Each<T, TResult>(IEnumerable<T> items, Func<T, Workspace?> of, Func<T, TResult> work) =>
        EachAsync(items, of, (x, _) => Task.FromResult(work(x)), atOnce: 1).GetAwaiter().GetResult();

    /// <summary>
    /// What is done to several things at once, a graph of BuildKit's or a question to a repository: those that its
    /// problems are about are taken out, and the rest is done again.
    /// </summary>
    /// <param name="items">The things.</param>
    /// <param name="subject">What problems call one (<see cref="Problem.Subject"/>).</param>
    /// <param name="of">The components that one is of: none of them can do without it.</param>
    /// <param name="work">What is done to those that are left.</param>
    Task<TResult> TogetherAsync<T, TResult>(IReadOnlyList<T> items, Func<T, string> subject,
        Func<T, IReadOnlyList<Workspace>> of, Func<IReadOnlyList<T>, Task<TResult>> work)
    {
        TakeSelection();
        return Together.DoAsync(items, subject, work, failed =>
        {
            Fail([.. failed.SelectMany(x => of(x.Item), (x, y) => ((Workspace?)y, x.Failure))]);
            var needed = Sources;
            return x => of(x).Any(needed.Contains);
        });
    }

    /// <summary>What is wrong with components, after all were looked at.</summary>
    void FailIfAny(IEnumerable<(Workspace? Of, Problem Problem)> problems) => Fail([.. problems
        .GroupBy(x => x.Of, x => x.Problem).Select(x => (x.Key, new ProblemException([.. x])))]);

    void Fail(IReadOnlyList<(Workspace? Of, ProblemException Failure)> failures)
    {
        if (failures.Count == 0) return;
        var target = RunningTargets.Single().Name;
        foreach (var (of, failure) in failures)
            if (of is not null) Run.Outcome.Fail(of.Name, target, failure.Problems);
        if (!KeepGoing || failures.Any(x => x.Of is null || x.Failure.IsOfAll) || Selection.Count == 0)
            throw new ProblemException([.. failures.SelectMany(x => x.Failure.Problems).Distinct()]);
        ExitCode ??= FailureExitCode;
        foreach (var (of, failure) in failures)
            foreach (var problem in failure.Problems) Log.Error("{Workspace} failed: {Problem}", of, problem);
    }

    async Task<TResult> WithinLimitAsync<TResult>(string? what, Func<CancellationToken, Task<TResult>> work,
        CancellationToken cancellation)
    {
        if (what is null || Limit is not { } limit) return await work(cancellation);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(limit.Time);
        try
        {
            return await work(late.Token).WaitAsync(late.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ProblemException($"{what} took longer than --timeout {limit.Text}",
                "Find out what it waits for, or give it more time");
        }
    }

    void TakeSelection() => Run.Outcome.Take(() => [.. Selected.Select(x =>
        (x.Name, (IReadOnlyList<ReleasedComponent>)[.. LibrariesOf(x).Select(y => y.Name)]))]);
}
