using Serilog;

namespace OpenStack.Pipeline;

/// <summary>Passes on a few of many lines: enough to see that long work goes on.</summary>
sealed class Progress
{
    static readonly TimeSpan s_interval = TimeSpan.FromSeconds(3);

    DateTime _next = DateTime.UtcNow + s_interval;

    public void Report(string line)
    {
        if (DateTime.UtcNow < _next) return;
        _next = DateTime.UtcNow + s_interval;
        Log.Information("  {Line}", line.Trim());
    }
}
