using System.Diagnostics;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Outcomes;
using OpenStack.Processes;

namespace OpenStack.Images;

/// <summary>How a graph ended.</summary>
/// <param name="Result">Of the last run of buildx.</param>
/// <param name="Failure">The step that failed with the end of its output; null where none is known.</param>
/// <param name="Target">The target that failed; null where it is about all of them.</param>
sealed record BakeEnd(CommandResult Result, string? Failure, string? Target);

/// <summary>One graph, run by <c>docker buildx bake</c> until it ends for good.</summary>
/// <param name="bake">The command.</param>
/// <param name="logFiles">By target.</param>
/// <param name="limit">How long the steps of one target may take.</param>
/// <param name="watch">What a person follows a build by.</param>
/// <param name="give">Lets the engine have the images that the graph starts from, in another way.</param>
sealed class BakeRun(Command bake, IReadOnlyDictionary<string, AbsolutePath> logFiles, TimeLimit? limit,
    Watch watch, Func<CancellationToken, Task> give)
{
    /// <summary>
    /// What an engine says that was interrupted while it read a layer of a layout: it keeps for a day what it has of
    /// it, and cannot go on reading from there.
    /// </summary>
    const string HalfRead = "failed to copy: unsupported offset";

    /// <summary>1, 2, 4, 8, 16 seconds later: what has just failed at once mostly fails again at once.</summary>
    const int MostRepetitions = 5;

    readonly StepTargets _targets = new([.. logFiles.Keys]);

    /// <exception cref="ProblemException">A target takes longer than it may.</exception>
    public async Task<BakeEnd> RunAsync(CancellationToken cancellation)
    {
        using var log = new BuildLog(logFiles);
        var isGiven = false;
        using var span = Tracing.Source.StartActivity("bake");
        span?.SetTag("buildkit.targets", logFiles.Keys.ToArray());
        for (var again = 0; ; again++)
        {
            using var progress = new BuildProgress(watch, [.. logFiles.Keys]);
            var result = await RunOnceAsync(progress, log, cancellation);
            var why = progress.Failure ?? result.Error;
            if (!result.Succeeded && !isGiven && why.Contains(HalfRead, StringComparison.Ordinal))
            {
                watch.Tell("The engine has half of an image, of a build that was interrupted; it is given all ...");
                isGiven = true;
                await give(cancellation);
                continue;
            }

            if (!result.Succeeded) span?.SetStatus(ActivityStatusCode.Error, why.Split('\n')[0]);
            if (result.Succeeded || again == MostRepetitions || WhyAgain(why) is not { } reason)
                return new BakeEnd(result, progress.Failure, IsOfAll(why) ? null
                    : progress.FailedTarget ?? _targets.FailedIn(result.Error));
            // What was built is in the engine's cache: only what failed is done again.
            watch.Tell($"{reason}; trying again in {1 << again} s ({again + 1} of {MostRepetitions}) ...");
            await Task.Delay(TimeSpan.FromSeconds(1 << again), cancellation);
        }
    }

    async Task<CommandResult> RunOnceAsync(BuildProgress progress, BuildLog log, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        (string Target, string Step)? overdue = null;
        using var watch = limit is null ? null : new Timer(_ =>
        {
            if (overdue is not null || progress.Overdue(limit.Time) is not { } found) return;
            overdue = found;
            late.Cancel();
        }, null, TimeSpan.Zero, TimeSpan.FromMilliseconds(200));
        try
        {
            return await (bake with
            {
                OnLine = line =>
                {
                    log.Write(line);
                    progress.Read(line);
                },
            }).RunAsync(late.Token);
        }
        catch (OperationCanceledException) when (overdue is var (target, step) && !cancellation.IsCancellationRequested)
        {
            throw new ProblemException(new Problem(
                $"{target} took longer than --timeout {limit!.Text}, at last in {step}",
                Remedy: $"Find out what it waits for, or give it more time; the whole output is in {logFiles[target]}")
            {
                Subject = target,
            });
        }
    }

    /// <summary>Why the same may succeed in a moment; null where it will not.</summary>
    internal static string? WhyAgain(string failure) =>
        HasLostItsConnection(failure) ? "The connection to BuildKit was lost"
        : PassingFailure.Is(failure) ? $"{failure.Split('\n')[0].Split(": process ")[0]} failed over the network"
        : null;

    /// <summary>
    /// On a busy machine the session between buildx and BuildKit may break while files are handed over; nothing is
    /// wrong with the build.
    /// </summary>
    internal static bool HasLostItsConnection(string error) =>
        s_lost.Any(x => error.Contains(x, StringComparison.Ordinal));

    /// <summary>How the engine tells it: while it asks for files, writes some, or looks for who has them.</summary>
    static readonly string[] s_lost =
    [
        "only one connection allowed", "code = Unavailable", "error reading from server: EOF", "no active session for ",
    ];

    /// <summary>Nothing else of the graph would fare better.</summary>
    static bool IsOfAll(string failure) => HasLostItsConnection(failure)
        || failure.Contains(HalfRead, StringComparison.Ordinal)
        || failure.Contains("no space left on device", StringComparison.OrdinalIgnoreCase);
}
