using System.Diagnostics;
using OpenStack.Diagnostics;
using Polly;
using Polly.Retry;

namespace OpenStack.Oci;

/// <summary>
/// Repeats what failed for a passing reason (<see cref="TransientFailure"/>). The limit is time, not attempts: a
/// registry that fails four requests of five is slow, not gone.
/// </summary>
public sealed class RegistryRetry
{
    static readonly ResiliencePropertyKey<TimeSpan> s_budget = new("budget");
    static readonly ResiliencePropertyKey<long> s_started = new("started");

    readonly ResiliencePipeline _pipeline;
    readonly TimeSpan _budget;

    int _count;

    /// <param name="first">
    /// Median wait before the second attempt; it grows exponentially, with jitter. 150 ms where it is not given.
    /// </param>
    /// <param name="most">No wait of our own is longer. 3 s.</param>
    /// <param name="budget">How long one request may go on failing. 3 min.</param>
    /// <param name="onWait">Told of each wait.</param>
    public RegistryRetry(TimeSpan? first = null, TimeSpan? most = null, TimeSpan? budget = null,
        Action<string>? onWait = null)
    {
        _budget = budget ?? TimeSpan.FromMinutes(3);
        _pipeline = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            Delay = first ?? TimeSpan.FromMilliseconds(150),
            MaxDelay = most ?? TimeSpan.FromSeconds(3),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = x => ValueTask.FromResult(x.Outcome.Exception is TransientFailure failure
                && failure.Wait.GetValueOrDefault() < Left(x.Context)),
            DelayGenerator = x => ValueTask.FromResult(x.Outcome.Exception is TransientFailure { Wait: { } wait }
                && wait > TimeSpan.Zero
                ? Jittered(wait)
                : (TimeSpan?)null),
            OnRetry = x =>
            {
                Interlocked.Increment(ref _count);
                onWait?.Invoke($"{x.Outcome.Exception!.Message}; trying again in {x.RetryDelay.TotalSeconds:0.0} s");
                return default;
            },
        }).Build();
    }

    /// <summary>How often something was repeated so far.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <param name="attempt">Gets the number of the attempt, from 0.</param>
    /// <param name="budgets">
    /// How many budgets it has: more than one where each attempt begins with requests that have one of their own.
    /// </param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="ProblemException">It kept failing.</exception>
    internal async Task<T> RunAsync<T>(Func<int, CancellationToken, Task<T>> attempt, int budgets = 1,
        CancellationToken cancellation = default)
    {
        var context = ResilienceContextPool.Shared.Get(cancellation);
        context.Properties.Set(s_started, Stopwatch.GetTimestamp());
        context.Properties.Set(s_budget, _budget * budgets);
        var count = 0;
        try
        {
            return await _pipeline.ExecuteAsync(async x => await attempt(count++, x.CancellationToken), context);
        }
        catch (TransientFailure e) when (e.Wait is { } wait && wait >= Left(context))
        {
            throw new ProblemException(
                $"{e.Message}; it asks to wait for " +
                $"{(wait.TotalMinutes >= 2 ? $"{wait.TotalMinutes:0} minutes" : $"{wait.TotalSeconds:0} seconds")}",
                "Run the same command again after that", e)
            {
                IsUnknown = true,
            };
        }
        catch (TransientFailure e)
        {
            throw new ProblemException(
                $"{e.Message}; so it went on for {Stopwatch.GetElapsedTime(Started(context)).TotalSeconds:0} " +
                $"seconds, {count} times", "Run the same command again later; what was done is kept", e)
            {
                IsUnknown = true,
            };
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    static long Started(ResilienceContext context) => context.Properties.GetValue(s_started, 0);

    static TimeSpan Left(ResilienceContext context) =>
        context.Properties.GetValue(s_budget, TimeSpan.Zero) - Stopwatch.GetElapsedTime(Started(context));

    /// <summary>Not before the time that is asked for, and not all at once.</summary>
    static TimeSpan Jittered(TimeSpan wait) => wait * (1 + Random.Shared.NextDouble() / 4);
}
