using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Nuke.Common.Execution;

/// <summary>A logger that comes into being with its first message.</summary>
sealed class DeferredLogger(Func<Logger> create) : ILogger, IDisposable
{
    readonly Lock gate = new();
    Logger logger;

    Logger Logger
    {
        get
        {
            lock (gate)
                return logger ??= create();
        }
    }

    public bool IsEnabled(LogEventLevel level) => true;

    public void Write(LogEvent logEvent) => Logger.Write(logEvent);

    public bool BindMessageTemplate(string messageTemplate, object[] propertyValues, out MessageTemplate parsedTemplate, out IEnumerable<LogEventProperty> boundProperties) =>
        Logger.BindMessageTemplate(messageTemplate, propertyValues, out parsedTemplate, out boundProperties);

    public bool BindProperty(string propertyName, object value, bool destructureObjects, out LogEventProperty property) =>
        Logger.BindProperty(propertyName, value, destructureObjects, out property);

    public ILogger ForContext(ILogEventEnricher enricher) => Logger.ForContext(enricher);

    public ILogger ForContext(string propertyName, object value, bool destructureObjects = false) =>
        Logger.ForContext(propertyName, value, destructureObjects);

    public ILogger ForContext<TSource>() => Logger.ForContext<TSource>();

    public ILogger ForContext(Type source) => Logger.ForContext(source);

    public void Dispose() => logger?.Dispose();
}
