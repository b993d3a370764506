using System.Globalization;
using Nuke.Common.IO;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace Nuke.Common.Execution;

/// <summary>
/// <c>build.log</c> of the last run and a dated one of each of the last runs. As in the original, a run fails at its start where
/// another one writes <c>build.log</c>, and does without a file that it cannot open.
/// </summary>
sealed class BuildLogFile : ILogEventSink, IDisposable
{
    const int OlderFiles = 5;
    const string Template = "{Level:u1} | {ExecutingTarget,-20} | {Message:l}{NewLine}{Exception}";

    static readonly List<(DateTime Time, string Message)> remembered = [];

    readonly StreamWriter writer;
    readonly string timeFormat;
    readonly Lock gate = new();
    ITextFormatter formatter;

    BuildLogFile(AbsolutePath file, string timeFormat)
    {
        this.timeFormat = timeFormat;
        writer = new StreamWriter(new FileStream(file, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read)) { AutoFlush = true };
        writer.BaseStream.Seek(0, SeekOrigin.End);
    }

    /// <summary>A verbose message that is written only if anything else ever is.</summary>
    public static void Remember(string message) => remembered.Add((DateTime.Now, message));

    /// <summary>Opens the files of this run.</summary>
    public static BuildLogFile[] Open(AbsolutePath directory)
    {
        foreach (var old in Directory.GetFiles(directory, "build.*.log").OrderDescending(StringComparer.Ordinal).Skip(OlderFiles))
            File.Delete(old);
        var file = directory / "build.log";
        if (File.Exists(file))
        {
            using var empty = File.OpenWrite(file);
            empty.SetLength(0);
        }

        return [.. TryOpen(file, "HH:mm:ss.fff"), .. TryOpen(directory / $"build.{DateTime.Now:yyyy-MM-dd_HH-mm-ss}.log", null)];
    }

    static BuildLogFile[] TryOpen(AbsolutePath file, string timeFormat)
    {
        try
        {
            return [new BuildLogFile(file, timeFormat)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    public void Emit(LogEvent logEvent)
    {
        lock (gate)
        {
            if (formatter is null)
            {
                formatter = new MessageTemplateTextFormatter(timeFormat is null ? Template : $"{{Timestamp:{timeFormat}}} | {Template}", CultureInfo.InvariantCulture);
                foreach (var (time, message) in remembered)
                    writer.WriteLine($"{(timeFormat is null ? "" : $"{time.ToString(timeFormat, CultureInfo.InvariantCulture)} | ")}V | {"",-Logging.TargetWidth} | {message}");
            }

            formatter.Format(logEvent, writer);
        }
    }

    public void Dispose()
    {
        lock (gate)
            writer.Dispose();
    }
}
