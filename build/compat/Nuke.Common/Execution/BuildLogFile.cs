using System.Globalization;
using Nuke.Common.IO;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace Nuke.Common.Execution;

/// <summary>
/// <c>build.log</c> of the last run and a dated one of each of the last runs. A file that another process has locked is not
/// worth failing for.
/// </summary>
sealed class BuildLogFile : ILogEventSink, IDisposable
{
    const int OlderFiles = 5;
    const string Template = "{Level:u1} | {ExecutingTarget,-20} | {Message:l}{NewLine}{Exception}";

    static readonly List<(DateTime Time, string Message)> remembered = [];

    readonly StreamWriter writer;
    readonly ITextFormatter formatter;
    readonly Lock gate = new();

    BuildLogFile(AbsolutePath file, string timeFormat)
    {
        formatter = new MessageTemplateTextFormatter(timeFormat is null ? Template : $"{{Timestamp:{timeFormat}}} | {Template}", CultureInfo.InvariantCulture);
        writer = new StreamWriter(new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete)) { AutoFlush = true };
        foreach (var (time, message) in remembered)
            writer.WriteLine($"{(timeFormat is null ? "" : $"{time.ToString(timeFormat, CultureInfo.InvariantCulture)} | ")}V | {"",-Logging.TargetWidth} | {message}");
    }

    /// <summary>A verbose message that is written only if the files ever are.</summary>
    public static void Remember(string message) => remembered.Add((DateTime.Now, message));

    public static void WriteTo(LoggerConfiguration configuration, AbsolutePath directory)
    {
        try
        {
            foreach (var old in Directory.GetFiles(directory, "build.*.log").OrderDescending(StringComparer.Ordinal).Skip(OlderFiles))
                File.Delete(old);
            configuration.WriteTo.Sink(new BuildLogFile(directory / "build.log", "HH:mm:ss.fff"));
            configuration.WriteTo.Sink(new BuildLogFile(directory / $"build.{DateTime.Now:yyyy-MM-dd_HH-mm-ss}.log", null));
        }
        catch (IOException)
        {
        }
    }

    public void Emit(LogEvent logEvent)
    {
        lock (gate)
            formatter.Format(logEvent, writer);
    }

    public void Dispose()
    {
        lock (gate)
            writer.Dispose();
    }
}
