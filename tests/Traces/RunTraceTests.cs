using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Storage;
using OpenStack.Tests.EndToEnd;

namespace OpenStack.Tests.Traces;

/// <summary>Spans of real runs, in a file and at a receiver.</summary>
public sealed class RunTraceTests : IDisposable
{
    const string ForeignTrace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const string ForeignSpan = "00f067aa0ba902b7";

    readonly RepositoryCopy _repository = new();

    string TraceFile => _repository.Root / "t" / "trace.json";

    public void Dispose() => _repository.Dispose();

    [Fact]
    public async Task ARunIsAFileOfSpansBelowWhoeverStartedIt()
    {
        var run = await _repository.RunAsync($"List --service keystone --release 2025.1 --trace {TraceFile}",
            ("TRACEPARENT", $"00-{ForeignTrace}-{ForeignSpan}-01"), ("OTEL_RESOURCE_ATTRIBUTES", "team=images"));
        Assert.Equal(0, run.ExitCode);
        var spans = Spans();
        Assert.All(spans, x => Assert.Equal(ForeignTrace, (string?)x["traceId"]));
        var whole = Assert.Single(spans, x => (string?)x["name"] == "build List");
        Assert.Equal(ForeignSpan, (string?)whole["parentSpanId"]);
        var target = Assert.Single(spans, x => (string?)x["name"] == "List");
        Assert.Equal((string?)whole["spanId"], (string?)target["parentSpanId"]);
        Assert.True(Begin(whole) <= Begin(target) && End(target) <= End(whole) && Begin(target) < End(target));
        Assert.Equal(1, (int)target["kind"]!);
        Assert.Empty(Directory.GetFiles(_repository.Root / "t", "*.partial"));
        var resource = JsonNode.Parse(File.ReadLines(TraceFile).First())!
            ["resourceSpans"]![0]!["resource"]!["attributes"]!.AsArray();
        Assert.Contains(resource, x => (string?)x!["key"] == "service.name"
            && (string?)x["value"]!["stringValue"] == "openstack-images");
        Assert.Contains(resource, x => (string?)x!["key"] == "team" && (string?)x["value"]!["stringValue"] == "images");
    }

    [Fact]
    public async Task WhatFailsIsSaidToHaveFailed()
    {
        var run = await _repository.RunAsync($"SbomDiff --from /nowhere --to /nowhere --trace {TraceFile}");
        Assert.NotEqual(0, run.ExitCode);
        var spans = Spans();
        foreach (var name in (string[])["SbomDiff", "build SbomDiff"])
            Assert.Equal(2, (int)Assert.Single(spans, x => (string?)x["name"] == name)["status"]!["code"]!);
    }

    [Fact]
    public async Task SpansAreSentWhereTheVariableSays()
    {
        var bodies = new List<byte[]>();
        using var receiver = new LoopbackServer(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            lock (bodies) bodies.Add(body.ToArray());
            Assert.Equal("/v1/traces", context.Request.Path);
            Assert.Equal("secret", context.Request.Headers["x-token"]);
        });
        var run = await _repository.RunAsync("List --service keystone --release 2025.1",
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"{receiver.Url}"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-token=secret"));
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("not taken", run.Output, StringComparison.Ordinal);
        // ExportTraceServiceRequest: resource_spans 1, scope_spans 2, spans 2; of a span trace_id 1, span_id 2,
        // parent_span_id 4, name 5 (opentelemetry-proto, trace.proto).
        var spans = bodies.SelectMany(x => Fields(x, 1)).SelectMany(x => Fields(x, 2)).SelectMany(x => Fields(x, 2))
            .ToDictionary(x => System.Text.Encoding.UTF8.GetString(Fields(x, 5).Single()));
        Assert.Equal(["List", "build List"], spans.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Fields(spans["build List"], 2).Single(), Fields(spans["List"], 4).Single());
        Assert.Equal(Fields(spans["build List"], 1).Single(), Fields(spans["List"], 1).Single());
    }

    [Fact]
    public async Task ThatNobodyTakesThemIsAWarning()
    {
        var run = await _repository.RunAsync($"List --service keystone --release 2025.1 --trace {TraceFile}",
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("Spans of this run were not taken", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, Spans().Count);
    }

    [Fact]
    public async Task AFileThatCannotBeWrittenIsAnErrorAtOnce()
    {
        _repository.Write("t", "");
        var run = await _repository.RunAsync($"List --service keystone --release 2025.1 --trace {TraceFile}");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("--trace: ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("27.0.2", run.Output, StringComparison.Ordinal);
    }

    /// <summary>What ended before stands in the file, and what was under way is said to have failed.</summary>
    [Fact]
    public async Task AnInterruptedRunLeavesWhatEnded()
    {
        var asked = new TaskCompletionSource();
        using var registry = new LoopbackServer(async context =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var build = _repository.Prepare($"List --published --registry 127.0.0.1:{registry.Url.Port} --service keystone "
            + $"--release 2025.1 --trace {TraceFile}");
        using var process = Process.Start(StartOf(build))!;
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(60));
        // Whoever kills it without a word finds what ended beside the file.
        Assert.True(File.Exists($"{TraceFile}.partial"));
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(143, process.ExitCode);
        var spans = Spans();
        Assert.Equal(2, (int)Assert.Single(spans, x => (string?)x["name"] == "List")["status"]!["code"]!);
        Assert.Contains("SIGTERM", (string?)Assert.Single(spans, x => (string?)x["name"] == "build List")["status"]!
            ["message"], StringComparison.Ordinal);
    }

    /// <summary>Steps of BuildKit are spans of whoever builds, with what became of them.</summary>
    [Fact]
    public void StepsOfABuildAreSpans()
    {
        var spans = Listen(() =>
        {
            using var progress = new BuildProgress(new Watch());
            foreach (var line in (string[])["#1 [internal] load definition", "#1 DONE 0.1s", "#2 [base 1/2] FROM x",
                "#2 CACHED", "#3 [base 2/2] RUN false", "#3 0.1 no", "#3 ERROR: exit code: 1"]) progress.Read(line);
        });
        Assert.Equal(["[base 1/2] FROM x", "[base 2/2] RUN false", "[internal] load definition", "test"],
            spans.Select(x => x.DisplayName).Order(StringComparer.Ordinal));
        var test = spans.Single(x => x.DisplayName == "test");
        Assert.All(spans.Where(x => x != test), x => Assert.Equal(test.SpanId, x.ParentSpanId));
        Assert.Equal(ActivityStatusCode.Error,
            spans.Single(x => x.DisplayName.EndsWith("false", StringComparison.Ordinal)).Status);
        Assert.Equal("cached",
            spans.Single(x => x.DisplayName.EndsWith("FROM x", StringComparison.Ordinal)).GetTagItem("buildkit.end"));
    }

    [Fact]
    public void AStageIsASpanWhereSomethingIsMade()
    {
        var output = _repository.Root / "artifacts" / "thing";
        var stage = new Stage(output, new StageInputs().Add("x", "1"));
        void Make() => Assert.Equal(!File.Exists(output),
            stage.MakeAsync(x => File.WriteAllTextAsync(x, "")).GetAwaiter().GetResult());
        Assert.Contains(Listen(Make), x => x.DisplayName == "make thing");
        Assert.DoesNotContain(Listen(Make), x => x.DisplayName == "make thing");
    }

    [Fact]
    public void WhereNobodyListensThereAreNone() => Assert.Null(Tracing.StartAside("nobody's", null));

    /// <summary>The spans below one that a test begins: other tests have theirs at the same time.</summary>
    static List<Activity> Listen(Action act)
    {
        var spans = new List<Activity>();
        using var own = new ActivitySource($"test-{Guid.NewGuid():N}");
        var trace = default(ActivityTraceId);
        using var listener = new ActivityListener
        {
            ShouldListenTo = x => x.Name == Tracing.SourceName || x.Name == own.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> x) =>
                trace == default || x.TraceId == trace ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = x =>
            {
                if (x.TraceId == trace) lock (spans) spans.Add(x);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using (var root = own.StartActivity("test"))
        {
            trace = root!.TraceId;
            act();
        }

        return spans;
    }

    static ProcessStartInfo StartOf(OpenStack.Processes.Command command)
    {
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = command.WorkingDirectory,
        };
        foreach (var (name, value) in command.Environment) start.Environment[name] = value;
        return start;
    }

    List<JsonNode> Spans() => [.. File.ReadLines(TraceFile)
        .Select(x => JsonNode.Parse(x)!["resourceSpans"]![0]!["scopeSpans"]![0]!["spans"]![0]!)];

    static long Begin(JsonNode span) => long.Parse((string)span["startTimeUnixNano"]!, CultureInfo.InvariantCulture);

    static long End(JsonNode span) => long.Parse((string)span["endTimeUnixNano"]!, CultureInfo.InvariantCulture);

    /// <summary>The bytes of a field of a protobuf message, once for each time that it is there.</summary>
    static List<byte[]> Fields(byte[] message, int number)
    {
        var found = new List<byte[]>();
        for (var at = 0; at < message.Length;)
        {
            var key = Number();
            switch (key & 7)
            {
                case 0: Number(); break;
                case 1: at += 8; break;
                case 5: at += 4; break;
                case 2:
                    var length = (int)Number();
                    if ((int)(key >> 3) == number) found.Add(message[at..(at + length)]);
                    at += length;
                    break;
                default: throw new InvalidOperationException($"wire type {key & 7}");
            }

            ulong Number()
            {
                ulong value = 0;
                for (var shift = 0; ; shift += 7)
                {
                    var next = message[at++];
                    value |= (ulong)(next & 0x7f) << shift;
                    if (next < 0x80) return value;
                }
            }
        }

        return found;
    }
}
