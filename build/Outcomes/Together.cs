using OpenStack.Diagnostics;

namespace OpenStack.Outcomes;

/// <summary>
/// Work on several things at once that fails as a whole when one of them does: that one is taken out, and the rest is
/// done again. Whoever works on them knows what was finished.
/// </summary>
public static class Together
{
    /// <param name="items">The things.</param>
    /// <param name="subject">What problems call one (<see cref="Problem.Subject"/>).</param>
    /// <param name="work">What is done to those that are left, none perhaps.</param>
    /// <param name="fail">
    /// Gets those that failed, each with its own problems; throws where that ends the whole, and says otherwise which
    /// of the others are still wanted.
    /// </param>
    /// <exception cref="ProblemException">Something is wrong that is about none of them.</exception>
    public static async Task<TResult> DoAsync<T, TResult>(IReadOnlyList<T> items, Func<T, string> subject,
        Func<IReadOnlyList<T>, Task<TResult>> work,
        Func<IReadOnlyList<(T Item, ProblemException Failure)>, Func<T, bool>> fail)
    {
        for (var left = items; ;)
        {
            try
            {
                return await work(left);
            }
            catch (ProblemException e) when (!e.IsOfAll && AreAbout(e.Problems, left.Select(subject).ToHashSet()))
            {
                var failed = left.ToLookup(x => e.Problems.Any(y => y.Subject == subject(x)));
                var isWanted = fail([.. failed[true].Select(x =>
                    (x, new ProblemException([.. e.Problems.Where(y => y.Subject == subject(x))])))]);
                left = [.. failed[false].Where(isWanted)];
            }
        }
    }

    static bool AreAbout(IReadOnlyList<Problem> problems, HashSet<string> subjects) =>
        problems.All(x => x.Subject is { } subject && subjects.Contains(subject));
}
