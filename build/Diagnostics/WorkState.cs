using System.Globalization;

namespace OpenStack.Diagnostics;

/// <summary>How something is that is under way.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Elapsed">How long it has been.</param>
/// <param name="Detail">What it is at, in its own words; null where it says nothing.</param>
public sealed record WorkState(string Name, TimeSpan Elapsed, string? Detail = null)
{
    /// <summary>Fewer bytes are told by nobody.</summary>
    const long Least = 50_000;

    /// <summary>Bytes that have come or gone; null where none do.</summary>
    public long? Moved { get; init; }

    /// <summary>Bytes that there will be; 0 where nobody knows.</summary>
    public long Expected { get; init; }

    /// <summary>Bytes in a second; null where it is too early to say.</summary>
    public double? Rate { get; init; }

    /// <summary><c>12 s</c>, <c>1 min 05 s</c>.</summary>
    public string Time => Elapsed < TimeSpan.FromMinutes(1)
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(Elapsed.TotalSeconds):0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)Elapsed.TotalMinutes} min {Elapsed.Seconds:00} s");

    /// <summary>
    /// <c>38 of 121 MB, 11 MB/s</c>, without a rate where all is there; empty where nothing that counts comes or goes.
    /// </summary>
    public string Bytes => Moved is not { } moved || Math.Max(moved, Expected) < Least ? ""
        : (Expected > moved || Expected == moved && moved > 0
                ? $"{Megabytes(moved)} of {Megabytes(Expected)} MB"
                : $"{Megabytes(moved)} MB")
            + (Rate is { } rate && (Expected == 0 || moved < Expected) ? $", {Megabytes((long)rate)} MB/s" : "");

    /// <summary>In one line: <c>packages of keystone 4 s, 38 of 121 MB, 11 MB/s: what it is at</c>.</summary>
    public override string ToString() =>
        $"{Name} {Time}{(Bytes.Length > 0 ? $", {Bytes}" : "")}{(Detail is { Length: > 0 } ? $": {Detail}" : "")}";

    /// <summary>Megabytes as apt tells them, of 10⁶ bytes.</summary>
    public static string Megabytes(long bytes) =>
        (bytes / 1e6).ToString(bytes < 10_000_000 ? "0.0" : "0", CultureInfo.InvariantCulture);
}
