using System.Diagnostics;
using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Storage;

/// <summary>
/// One output of the pipeline, a file or a directory, with the record of its inputs beside it. The output is made aside
/// and renamed, the record is written last: whatever moment a run is killed at, the next one finds either a whole
/// output with its record or makes it again.
/// </summary>
/// <param name="Output">The file or directory.</param>
/// <param name="Inputs">What it depends on.</param>
public sealed record Stage(AbsolutePath Output, StageInputs Inputs)
{
    /// <summary>The record beside the output: <c>output.inputs.json</c>.</summary>
    public AbsolutePath InputsFile { get; init; } = $"{Output}.inputs.json";

    /// <summary>Whether the output was made from exactly these inputs.</summary>
    public bool IsUpToDate => Path.Exists(Output) && Recorded() == Inputs.ToJson();

    /// <summary>What is otherwise now than when the output was made, a line each; none where it is up to
    /// date.</summary>
    /// <exception cref="ProblemException">The record cannot be read.</exception>
    public IReadOnlyList<string> ChangesSinceMade() => IsUpToDate ? []
        : Inputs.ChangesSince(StageInputs.Read(InputsFile)) is { Count: > 0 } changes ? changes
        : ["its record is not as it is written now"];

    /// <summary>
    /// Makes the output unless it is up to date. <paramref name="make"/> gets a path beside it that does not exist yet.
    /// </summary>
    /// <returns>Whether the output was made.</returns>
    public async Task<bool> MakeAsync(Func<AbsolutePath, Task> make, Func<IDisposable>? onWait = null,
        CancellationToken cancellation = default) =>
        (await MakeAllAsync([this], x => make(x[0].Aside), onWait: onWait, cancellation: cancellation)).Count > 0;

    /// <summary>
    /// Makes those outputs together that are not up to date (all of them with <paramref name="again"/>). Two processes
    /// that want the same output take turns; the second finds it done.
    /// </summary>
    /// <returns>The stages that were made.</returns>
    public static async Task<IReadOnlyList<Stage>> MakeAllAsync(
        IReadOnlyList<Stage> stages,
        Func<IReadOnlyList<(Stage Stage, AbsolutePath Aside)>, Task> make,
        bool again = false,
        Func<IDisposable>? onWait = null,
        CancellationToken cancellation = default)
    {
        var asked = DateTime.UtcNow;
        var stale = stages.Where(x => again || !x.IsUpToDate)
            .OrderBy(x => (string)x.Output, StringComparer.Ordinal)
            .ToList();
        var held = new List<FileLock>();
        try
        {
            // Always in the same order, so that two processes never wait for each other.
            foreach (var stage in stale)
                held.Add(await FileLock.AcquireAsync($"{stage.Output}.lock", onWait, cancellation));
            // What another made while we waited is as new as anybody asked for.
            var work = stale.Where(x => !x.IsUpToDate || (again && File.GetLastWriteTimeUtc(x.InputsFile) < asked))
                .Select(x => (Stage: x, x.Aside))
                .ToList();
            if (work.Count == 0) return [];
            foreach (var (stage, _) in work) await stage.CleanAsync();
            var watch = Stopwatch.StartNew();
            using var span = Tracing.Source.StartActivity($"make {Path.GetFileName(work[0].Stage.Output)}");
            span?.SetTag("stage.outputs", work.Select(x => (string)x.Stage.Output).ToArray());
            try
            {
                await make(work);
                foreach (var (stage, _) in work) await stage.AcceptAsync();
                var duration = new StageDuration(watch.Elapsed.TotalSeconds, work.Count);
                foreach (var (stage, _) in work) duration.Write(stage);
            }
            catch (Exception e)
            {
                // Half of an output is of no use to anybody, and in the way on a full disk.
                span.Fail(e);
                foreach (var (stage, _) in work) await stage.CleanAfterAsync(e);
                throw;
            }

            return [.. work.Select(x => x.Stage)];
        }
        catch (Exception e) when (DiskFailure.Is(e))
        {
            throw DiskFailure.Describe(e, stale[0].Output);
        }
        finally
        {
            held.ForEach(x => x.Dispose());
        }
    }

    AbsolutePath Aside => $"{Output}.making";

    /// <summary>The record; null where there is none that can be read: the output is then made again.</summary>
    string? Recorded()
    {
        try
        {
            return File.Exists(InputsFile) ? File.ReadAllText(InputsFile) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Puts the new output in the place of the old one, which is moved away whole: nobody ever finds half of it.
    /// </summary>
    async Task AcceptAsync()
    {
        AbsolutePath old = $"{Aside}.old";
        await Removal.RemoveAsync(InputsFile);
        if (Removal.IsThere(Output)) Move(Output, old);
        Move(Aside, Output);
        AtomicFile.WriteText(InputsFile, Inputs.ToJson());
        await Removal.RemoveAsync(old);
    }

    /// <summary>Removes what a run that did not come to its end left beside the output.</summary>
    async Task CleanAsync()
    {
        if (!Directory.Exists(Output.Parent!)) return;
        string[] patterns = [$"{Path.GetFileName(Aside)}*", $"{Path.GetFileName(InputsFile)}.*{AtomicFile.Suffix}"];
        foreach (var left in patterns.SelectMany(x =>
            Directory.GetFileSystemEntries(Output.Parent!, x))) await Removal.RemoveAsync(left);
    }

    /// <summary>
    /// The same after a failure, which is what the user is to read; what stays is for the next run to remove.
    /// </summary>
    async Task CleanAfterAsync(Exception failure)
    {
        try
        {
            await CleanAsync();
        }
        catch (Exception e) when (e is ProblemException or IOException or UnauthorizedAccessException)
        {
            failure.Data[nameof(CleanAsync)] = e.Message;
        }
    }

    static void Move(AbsolutePath from, AbsolutePath to)
    {
        if (File.Exists(from)) File.Move(from, to);
        else Directory.Move(from, to);
    }
}
