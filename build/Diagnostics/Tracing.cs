using System.Diagnostics;

namespace OpenStack.Diagnostics;

/// <summary>
/// What a run does, as spans of OpenTelemetry. Where nobody listens (<c>Traces.RunTrace</c>) there are none: whatever
/// begins one gets null.
/// </summary>
public static class Tracing
{
    public const string SourceName = "openstack-images";

    public static ActivitySource Source { get; } = new(SourceName);

    /// <summary>Begins a span that ends elsewhere: it is nobody's parent.</summary>
    /// <param name="parent">Null for a span of its own.</param>
    public static Activity? StartAside(string name, ActivityContext? parent)
    {
        var current = Activity.Current;
        var activity = Source.StartActivity(name, ActivityKind.Internal, parent ?? default);
        Activity.Current = current;
        return activity;
    }

    /// <summary>Ends it.</summary>
    public static void EndAside(Activity activity)
    {
        var current = Activity.Current;
        activity.Dispose();
        Activity.Current = current;
    }

    /// <summary>Says that it has failed, and with what.</summary>
    public static void Fail(this Activity? activity, Exception e) =>
        activity?.SetStatus(ActivityStatusCode.Error, e.Message.Split('\n')[0])
            .SetTag("error.type", e.GetType().Name);
}
