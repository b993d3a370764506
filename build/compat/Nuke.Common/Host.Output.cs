using System.Globalization;
using Nuke.Common.Execution;

namespace Nuke.Common;

public partial class Host
{
    // Columns are padded with no-break spaces: build servers collapse the other ones.
    const char Space = '\u00a0';

    static readonly string[] Logo =
    [
        "███╗   ██╗██╗   ██╗██╗  ██╗███████╗",
        "████╗  ██║██║   ██║██║ ██╔╝██╔════╝",
        "██╔██╗ ██║██║   ██║█████╔╝ █████╗  ",
        "██║╚██╗██║██║   ██║██╔═██╗ ██╔══╝  ",
        "██║ ╚████║╚██████╔╝██║  ██╗███████╗",
        "╚═╝  ╚═══╝ ╚═════╝ ╚═╝  ╚═╝╚══════╝"
    ];

    protected internal void WriteLogo()
    {
        Debug();
        foreach (var line in Logo)
            Debug(line.Replace(' ', Space));
        Debug();
    }

    /// <summary>All warnings and errors of the log once more, together.</summary>
    protected internal virtual void WriteErrorsAndWarnings()
    {
        if (!Logging.HasErrorsOrWarnings)
            return;
        using (WriteBlock("Errors & Warnings"))
            Logging.RepeatErrorsAndWarnings(Theme);
    }

    /// <summary>The table of targets.</summary>
    protected internal virtual void WriteTargetOutcome(INukeBuild build)
    {
        const int statusWidth = 10;
        const int durationWidth = 10;
        var nameWidth = Math.Max(build.ExecutionPlan.Max(x => x.Name.Length) + 4, 19);
        var width = nameWidth + statusWidth + durationWidth;
        string Row(string name, string status, string duration) =>
            name.PadRight(nameWidth, Space) + status.PadRight(statusWidth, Space) + duration.PadLeft(durationWidth, Space);

        Debug();
        Debug(new string('═', width));
        Information(Row("Target", "Status", "Duration"));
        Debug(new string('─', width));
        foreach (var target in build.ExecutionPlan.Where(x => x.Status != ExecutionStatus.Collective))
        {
            var information = string.Join(", ", target.SummaryInformation.Select(x => $"{x.Key}: {x.Value}"));
            var duration = target.Status is ExecutionStatus.Succeeded or ExecutionStatus.Failed or ExecutionStatus.Aborted ? TextOf(target.Duration) : "";
            Write(KindOf(target.Status), Row(target.Name, target.Status.ToString(), duration) + (target.SummaryInformation.Count > 0 ? $"\u00a0\u00a0\u00a0// {information}" : ""));
        }

        Debug(new string('─', width));
        Information(Row("Total", "", TextOf(build.ExecutionPlan.Aggregate(TimeSpan.Zero, (sum, x) => sum + x.Duration))));
        Debug(new string('═', width));
    }

    /// <summary>The last line.</summary>
    protected internal virtual void WriteBuildOutcome(INukeBuild build)
    {
        Debug();
        var now = DateTime.Now.ToString(CultureInfo.CurrentCulture);
        if (build.IsSucceeding)
            Success($"Build succeeded on {now}. ＼（＾ᴗ＾）／");
        else
            Error($"Build failed on {now}. (╯°□°）╯︵ ┻━┻");
    }

    static HostText KindOf(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Skipped => HostText.Debug,
        ExecutionStatus.Succeeded => HostText.Success,
        ExecutionStatus.Aborted or ExecutionStatus.NotRun => HostText.Warning,
        ExecutionStatus.Failed => HostText.Error,
        _ => throw new NotSupportedException(status.ToString())
    };

    // The replacement also hits 10:00, as in the original.
    static string TextOf(TimeSpan duration) =>
        $"{(int)duration.TotalMinutes}:{duration:ss}".Replace("0:00", "< 1sec", StringComparison.Ordinal);
}
