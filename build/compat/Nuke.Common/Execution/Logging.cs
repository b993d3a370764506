using Nuke.Common.Utilities;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.SystemConsole.Themes;

namespace Nuke.Common.Execution;

/// <summary>
/// Where the log goes: the console, filtered by verbosity, and on a terminal two files with everything. All of it is set up
/// when the first message is written, because most of the start-up time would go into it.
/// </summary>
public static class Logging
{
    internal const string TimestampTemplate = "{Timestamp:HH:mm:ss} " + PlainTemplate;
    const string PlainTemplate = "[{Level:u3}] {Message:l}{NewLine}{Exception}";
    const string RepetitionTemplate = "[{Level:u3}] {ExecutingTarget}: {Message:l}{NewLine}";
    internal const int TargetWidth = 20;

    static readonly List<LogEvent> errorsAndWarnings = [];
    static LogLevel level = LogLevel.Normal;
    static LoggingLevelSwitch consoleSwitch;

    /// <summary>The lowest level that the console shows.</summary>
    public static LogLevel Level
    {
        get => level;
        set
        {
            level = value;
            if (consoleSwitch is not null)
                consoleSwitch.MinimumLevel = ConsoleLevel;
        }
    }

    internal static string CurrentTarget { get; private set; } = "";

    internal static bool HasErrorsOrWarnings => errorsAndWarnings.Count > 0;

    static LogEventLevel ConsoleLevel => level switch
    {
        LogLevel.Trace => LogEventLevel.Verbose,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Error => LogEventLevel.Error,
        _ => LogEventLevel.Debug
    };

    public static void Configure(INukeBuild build = null)
    {
        var files = build is null || NukeBuild.IsServerBuild ? [] : BuildLogFile.Open(NukeBuild.TemporaryDirectory);
        Log.Logger = new DeferredLogger(() => CreateLogger(build as NukeBuild, files));
    }

    /// <summary>Log messages name the target until the result is disposed.</summary>
    public static IDisposable SetTarget(string name)
    {
        var outer = CurrentTarget;
        CurrentTarget = name[..Math.Min(name.Length, TargetWidth)];
        return new Disposable(() => CurrentTarget = outer);
    }

    /// <summary>What the engine does, for the verbose.</summary>
    internal static void Trace(Type extension, string method, float priority)
    {
        var name = extension.Name.EndsWith(nameof(Attribute), StringComparison.Ordinal) ? extension.Name[..^nameof(Attribute).Length] : extension.Name;
        if (level == LogLevel.Trace || consoleSwitch is not null)
            Log.Verbose("{Type}.{Method} ({Priority})", name, method, priority);
        else
            BuildLogFile.Remember($"{name}.{method} ({priority})");
    }

    /// <summary>From now on, the console is all there is.</summary>
    internal static void RepeatErrorsAndWarnings(HostTheme theme)
    {
        Log.CloseAndFlush();
        Log.Logger = new LoggerConfiguration()
            .WriteTo.Console(outputTemplate: RepetitionTemplate, theme: theme.ForLog(), applyThemeToRedirectedOutput: true)
            .CreateLogger();
        foreach (var logEvent in errorsAndWarnings.Where(x => x.MessageTemplate.Text.Length > 0))
            Log.Write(logEvent);
    }

    static Logger CreateLogger(NukeBuild build, BuildLogFile[] files)
    {
        consoleSwitch = new LoggingLevelSwitch(ConsoleLevel);
        var configuration = new LoggerConfiguration().MinimumLevel.Verbose().Enrich.With(new TargetEnricher());
        if (build is null)
            return WithConsole(configuration, PlainTemplate, HostTheme.Default.ForLog()).CreateLogger();

        var host = NukeBuild.Host;
        configuration
            .Filter.ByExcluding(x => host.FilterMessage(x.MessageTemplate.Text))
            .WriteTo.Sink(new HostSink(host), LogEventLevel.Warning);
        var template = build.IsOutputEnabled(DefaultOutput.Timestamps) ? host.OutputTemplate : PlainTemplate;
        WithConsole(configuration, template, host.Theme.ForLog())
            .WriteTo.Sink(new ListSink(errorsAndWarnings), LogEventLevel.Warning);
        foreach (var file in files)
            configuration.WriteTo.Sink(file);
        return configuration.CreateLogger();
    }

    static LoggerConfiguration WithConsole(LoggerConfiguration configuration, string template, ConsoleTheme theme) =>
        configuration.WriteTo.Console(outputTemplate: template, theme: theme, applyThemeToRedirectedOutput: true, levelSwitch: consoleSwitch);

    sealed class HostSink(Host host) : ILogEventSink
    {
        public void Emit(LogEvent logEvent)
        {
            if (logEvent.Level == LogEventLevel.Warning)
                host.ReportWarning(logEvent.RenderMessage(), logEvent.Exception?.ToString());
            else
                host.ReportError(logEvent.RenderMessage(), logEvent.Exception?.ToString());
        }
    }

    sealed class ListSink(List<LogEvent> list) : ILogEventSink
    {
        public void Emit(LogEvent logEvent)
        {
            lock (list)
                list.Add(logEvent);
        }
    }

    sealed class TargetEnricher : ILogEventEnricher
    {
        public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) =>
            logEvent.AddOrUpdateProperty(new LogEventProperty("ExecutingTarget", new ScalarValue(CurrentTarget)));
    }
}
