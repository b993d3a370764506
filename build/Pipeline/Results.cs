using System.Globalization;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;
using OpenStack.Workflows;
using Serilog;
using Serilog.Events;

namespace OpenStack.Pipeline;

/// <summary>What targets found or made: told to the log, and in a GitHub job on the page of the job.</summary>
/// <param name="page">That page; null where there is none.</param>
sealed class Results(JobSummary? page)
{
    /// <summary>A table under a title; nothing where it has no rows.</summary>
    /// <param name="isError">The rows that are logged as errors.</param>
    public void Table(string title, TextTable table, Func<IReadOnlyList<string>, bool>? isError = null)
    {
        if (table.Rows.Count == 0) return;
        Log.Information("{Title}", title);
        foreach (var (line, i) in table.Lines.Select((x, i) => (x, i - 1)))
            Log.Write(
                i >= 0 && isError?.Invoke(table.Rows[i]) == true ? LogEventLevel.Error : LogEventLevel.Information,
                "  {Line}", line);
        Page(() => $"### {TextTable.Escape(title)}\n\n{table.Markdown}");
    }

    /// <summary>The same after NUKE's summary, when the log has ended.</summary>
    public void LastTable(string title, TextTable table)
    {
        Console.WriteLine($"{title}\n  {string.Join("\n  ", table.Lines)}\n");
        Page(() => $"### {TextTable.Escape(title)}\n\n{table.Markdown}");
    }

    /// <summary>A sentence.</summary>
    public void Line(string text)
    {
        Log.Information("{Line}", text);
        Page(() => $"{TextTable.Escape(text)}\n");
    }

    /// <summary>The end of a run does not fail over a file that says what has become of it.</summary>
    public static void Save(AbsolutePath file, string text)
    {
        try
        {
            AtomicFile.WriteText(file, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ProblemException)
        {
            Log.Warning("{File} cannot be written: {Problem}", file, e.Message);
        }
    }

    /// <summary>
    /// Markdown for the page alone, of what the log has in its own way; made only where there is a page.
    /// </summary>
    public void Page(Func<string> markdown)
    {
        if (page is null) return;
        try
        {
            page.Append(markdown());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Warning("The summary of the job cannot be written: {Problem}", e.Message);
        }
    }

    /// <summary>
    /// Shortens what the engine says of a target that failed and told no result: the first line of its exception, which
    /// for a problem is all of it. The page of the job, which has no log, gets the whole.
    /// </summary>
    public void Failed(ExecutableTarget target)
    {
        if (!target.SummaryInformation.Remove(nameof(ProblemException), out var line)) return;
        var several = line.Split(' ') is [var count, "problems:"]
            && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : 1;
        target.SummaryInformation["Problems"] = $"{several}, told above";
        if (several == 1) Page(() => $"**{target.Name}**: {TextTable.Escape(line)}");
    }

    /// <summary>The targets of the run, as the engine's own summary has them.</summary>
    public void Run(IEnumerable<ExecutableTarget> plan)
    {
        var targets = plan.Where(x =>
            x.Status is not (ExecutionStatus.None or ExecutionStatus.Scheduled or ExecutionStatus.Collective))
            .Select(x => (x.Name, x.Status, x.Duration,
                string.Join(", ", x.SummaryInformation.Select(y => $"{y.Key}: {y.Value}"))))
            .ToList();
        if (targets.Count > 0) Page(() => $"### Targets\n\n{TableOf(targets).Markdown}");
    }

    internal static TextTable TableOf(
        IReadOnlyList<(string Name, ExecutionStatus Status, TimeSpan Duration, string Information)> targets) =>
        new(["target", "status", "duration", ""],
        [
            .. targets.Select(x => (string[])
            [
                x.Name,
                x.Status.ToString(),
                x.Status is ExecutionStatus.Skipped or ExecutionStatus.NotRun ? "-" : Shown(x.Duration),
                x.Information,
            ]),
            ["Total", "", Shown(targets.Aggregate(TimeSpan.Zero, (sum, x) => sum + x.Duration)), ""],
        ]);

    /// <summary><c>0.4 s</c>, <c>2 min 5 s</c>.</summary>
    internal static string Shown(TimeSpan duration) => duration < TimeSpan.FromMinutes(1)
        ? duration.TotalSeconds.ToString("0.0' s'", CultureInfo.InvariantCulture)
        : $"{(int)duration.TotalMinutes} min {duration.Seconds} s";
}
