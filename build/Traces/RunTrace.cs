using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OpenStack.Traces;

/// <summary>
/// The trace of a run: its own span, below it those of targets, below these what they do. They go into a file, to where
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says, or both; what else OpenTelemetry's variables say counts as it does for all
/// programs.
/// </summary>
public sealed class RunTrace : IDisposable
{
    /// <summary>Variables that name where spans are sent to (OpenTelemetry, "OTLP Exporter Configuration").</summary>
    static readonly string[] s_endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>How long the end of a run waits for whoever gets its spans; of one that was interrupted less.</summary>
    const int Patience = 5_000, LittlePatience = 400;

    readonly TracerProvider _provider;
    readonly Activity? _run;
    readonly SendFailures _failures = new();
    Activity? _target;
    bool _isOver;

    RunTrace(AbsolutePath? file, bool isSent, string name)
    {
        var builder = Sdk.CreateTracerProviderBuilder().AddSource(Tracing.SourceName)
            .ConfigureResource(x => x.AddService(Tracing.SourceName, autoGenerateServiceInstanceId: false)
                .AddEnvironmentVariableDetector());
        // Whoever wants a file wants it, also below a trace that is not sampled.
        if (file is not null)
            builder.SetSampler<AlwaysOnSampler>()
                .AddProcessor(new SimpleActivityExportProcessor(new OtlpFile(file)));
        if (isSent) builder.AddOtlpExporter();
        _provider = builder.Build();
        // The run is part of somebody's trace, where that is said as W3C has it.
        ActivityContext.TryParse(Environment.GetEnvironmentVariable("TRACEPARENT"),
            Environment.GetEnvironmentVariable("TRACESTATE"), isRemote: true, out var parent);
        _run = Tracing.Source.StartActivity(name, ActivityKind.Internal, parent);
    }

    /// <summary>Whether there is one, without anything of OpenTelemetry being loaded to find out.</summary>
    /// <param name="file">Where it is written to; null for nowhere.</param>
    /// <param name="name">What the run is called.</param>
    /// <returns>Null where nobody wants it.</returns>
    /// <exception cref="ProblemException">The file cannot be written.</exception>
    public static RunTrace? Begin(AbsolutePath? file, string name)
    {
        var isSent = s_endpoints.Any(x => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(x)));
        if (file is null && !isSent) return null;
        try
        {
            return new RunTrace(file, isSent, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(new Problem($"--trace: {file} cannot be written: {e.Message}"));
        }
    }

    /// <summary>What is told of the run as a whole.</summary>
    public void Tell(string key, object value) => _run?.SetTag(key, value);

    public void BeginTarget(string name)
    {
        Activity.Current = _run;
        _target = Tracing.Source.StartActivity(name);
    }

    public void EndTarget(bool hasFailed)
    {
        if (hasFailed) _target?.SetStatus(ActivityStatusCode.Error);
        _target?.Dispose();
        _target = null;
        Activity.Current = _run;
    }

    /// <summary>Ends what is under way, and lets go of all that has ended.</summary>
    /// <param name="failure">Why the run has failed; null where it has not.</param>
    /// <param name="signal">Whether it was interrupted, and nobody waits long.</param>
    /// <returns>Why somebody has not got their spans; null where they have.</returns>
    public string? End(string? failure, bool signal = false)
    {
        if (_isOver) return null;
        _isOver = true;
        EndTarget(hasFailed: signal);
        if (failure is not null) _run?.SetStatus(ActivityStatusCode.Error, failure);
        _run?.Dispose();
        var arrived = _provider.Shutdown(signal ? LittlePatience : Patience);
        Dispose();
        return _failures.First ?? (arrived ? null : string.Create(CultureInfo.InvariantCulture,
            $"nobody had taken them after {(signal ? LittlePatience : Patience) / 1000.0} s"));
    }

    public void Dispose()
    {
        _provider.Dispose();
        _failures.Dispose();
    }

    /// <summary>What OpenTelemetry tells of spans that nobody took: to listeners, and to nobody else.</summary>
    sealed class SendFailures : EventListener
    {
        public string? First { get; private set; }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "OpenTelemetry-Exporter-OpenTelemetryProtocol")
                EnableEvents(eventSource, EventLevel.Error);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) => First ??= string.Format(
            CultureInfo.InvariantCulture, eventData.Message ?? "{0}", [.. eventData.Payload ?? []]).Split('\n')[0];
    }
}
