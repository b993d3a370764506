namespace OpenStack.Diagnostics;

/// <summary>
/// Does the same to many things and reports what is wrong with all of them, not with the first alone.
/// </summary>
public static class Problems
{
    /// <summary>The results, in the order of the items.</summary>
    /// <exception cref="ProblemException">The problems of all items, in the order of the items.</exception>
    public static IReadOnlyList<TResult> Collect<T, TResult>(IEnumerable<T> items, Func<T, TResult> read) =>
        CollectAsync(items, (x, _) => ValueTask.FromResult(read(x)), atOnce: 1).GetAwaiter().GetResult();

    /// <inheritdoc cref="CollectAsync{T,TResult}"/>
    public static async Task CollectAsync<T>(IEnumerable<T> items, Func<T, CancellationToken, Task> work,
        int? atOnce = null, Func<T, Problem, Problem>? place = null) =>
        await CollectAsync(items, async (x, cancellation) =>
        {
            await work(x, cancellation);
            return true;
        }, atOnce, place);

    /// <summary>The results, in the order of the items, whichever is done first.</summary>
    /// <param name="atOnce">
    /// How many are worked on side by side; as many as there are processors where it is not given.
    /// </param>
    /// <param name="place">Says of a problem where the user wrote what it is about.</param>
    /// <exception cref="ProblemException">The problems of all items, in the order of the items.</exception>
    public static async Task<IReadOnlyList<TResult>> CollectAsync<T, TResult>(IEnumerable<T> items,
        Func<T, CancellationToken, ValueTask<TResult>> work, int? atOnce = null,
        Func<T, Problem, Problem>? place = null)
    {
        var attempts = await AttemptAsync(items, work, atOnce, place);
        ProblemException.ThrowIfAny([.. attempts.SelectMany(x => x.Failure?.Problems ?? [])]);
        return [.. attempts.Select(x => x.Result!)];
    }

    /// <summary>The same, where whoever asks decides what becomes of those that fail.</summary>
    /// <returns>In the order of the items: each with its result, or with why there is none.</returns>
    public static async Task<IReadOnlyList<(T Item, TResult? Result, ProblemException? Failure)>>
        AttemptAsync<T, TResult>(IEnumerable<T> items, Func<T, CancellationToken, ValueTask<TResult>> work,
        int? atOnce = null, Func<T, Problem, Problem>? place = null)
    {
        var list = items.ToList();
        var attempts = new (T, TResult?, ProblemException?)[list.Count];
        await Parallel.ForAsync(0, list.Count,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce ?? Environment.ProcessorCount },
            async (i, cancellation) =>
            {
                try
                {
                    attempts[i] = (list[i], await work(list[i], cancellation), null);
                }
                catch (ProblemException e)
                {
                    attempts[i] = (list[i], default, place is null ? e : Placed(e, x => place(list[i], x)));
                }
            });
        return attempts;
    }

    static ProblemException Placed(ProblemException e, Func<Problem, Problem> place) =>
        new([.. e.Problems.Select(place)], e.InnerException) { IsUnknown = e.IsUnknown, IsOfAll = e.IsOfAll };
}
