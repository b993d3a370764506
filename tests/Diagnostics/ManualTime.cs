namespace OpenStack.Tests.Diagnostics;

/// <summary>Time that passes when a test says so.</summary>
sealed class ManualTime : TimeProvider
{
    long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public void Pass(double seconds) => Interlocked.Add(ref _now, TimeSpan.FromSeconds(seconds).Ticks);
}
