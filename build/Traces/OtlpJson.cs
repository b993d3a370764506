using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace OpenStack.Traces;

/// <summary>
/// Spans as OTLP has them in JSON (opentelemetry-proto, <c>trace.proto</c>; specification, "JSON Protobuf Encoding"):
/// ids are hexadecimal, numbers of 64 bits are texts, enums are numbers.
/// </summary>
static class OtlpJson
{
    /// <summary>An <c>ExportTraceServiceRequest</c> of one span.</summary>
    /// <param name="resource">What made it.</param>
    public static JsonObject Request(Activity span, IEnumerable<KeyValuePair<string, object>> resource) => new()
    {
        ["resourceSpans"] = new JsonArray(new JsonObject
        {
            ["resource"] = new JsonObject { ["attributes"] = Attributes(resource.Select(Nullable)) },
            ["scopeSpans"] = new JsonArray(new JsonObject
            {
                ["scope"] = new JsonObject { ["name"] = span.Source.Name },
                ["spans"] = new JsonArray(Span(span)),
            }),
        }),
    };

    static JsonObject Span(Activity span)
    {
        var json = new JsonObject
        {
            ["traceId"] = span.TraceId.ToHexString(),
            ["spanId"] = span.SpanId.ToHexString(),
            ["flags"] = (int)span.ActivityTraceFlags,
            ["name"] = span.DisplayName,
            // Theirs begin with "unspecified".
            ["kind"] = (int)span.Kind + 1,
            ["startTimeUnixNano"] = Nanoseconds(span.StartTimeUtc),
            ["endTimeUnixNano"] = Nanoseconds(span.StartTimeUtc + span.Duration),
            ["attributes"] = Attributes(span.TagObjects),
            ["status"] = Status(span),
        };
        if (span.ParentSpanId != default) json["parentSpanId"] = span.ParentSpanId.ToHexString();
        if (!string.IsNullOrEmpty(span.TraceStateString)) json["traceState"] = span.TraceStateString;
        return json;
    }

    static JsonObject Status(Activity span)
    {
        if (span.Status != ActivityStatusCode.Error) return span.Status == ActivityStatusCode.Ok
            ? new JsonObject { ["code"] = 1 } : [];
        return new JsonObject { ["code"] = 2, ["message"] = span.StatusDescription ?? "" };
    }

    static JsonArray Attributes(IEnumerable<KeyValuePair<string, object?>> attributes) =>
        [.. attributes.Where(x => x.Value is not null)
            .Select(x => new JsonObject { ["key"] = x.Key, ["value"] = Value(x.Value!) })];

    static JsonObject Value(object value) => value switch
    {
        bool x => new JsonObject { ["boolValue"] = x },
        int or long => new JsonObject { ["intValue"] = Convert.ToString(value, CultureInfo.InvariantCulture) },
        double x => new JsonObject { ["doubleValue"] = x },
        string[] x => new JsonObject
        {
            ["arrayValue"] = new JsonObject { ["values"] = new JsonArray([.. x.Select(Value)]) },
        },
        _ => new JsonObject { ["stringValue"] = Convert.ToString(value, CultureInfo.InvariantCulture) },
    };

    static KeyValuePair<string, object?> Nullable(KeyValuePair<string, object> x) => new(x.Key, x.Value);

    /// <summary>Since 1970.</summary>
    static string Nanoseconds(DateTime time) =>
        ((time - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick).ToString(CultureInfo.InvariantCulture);
}
