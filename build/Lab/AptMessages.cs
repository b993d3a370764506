using System.Globalization;
using System.Text.RegularExpressions;
using OpenStack.Diagnostics;

namespace OpenStack.Lab;

/// <summary>
/// What apt says while it downloads, <c>Get:3 http://… [2,964 kB]</c> at the beginning of each file and <c>Fetched</c>
/// at the end, as a download: a file has arrived when the next one begins.
/// </summary>
sealed partial class AptMessages
{
    long _announced;
    long _last;

    public AptMessages() => Transfer = new(
        () => Interlocked.Read(ref _announced),
        () => Interlocked.Read(ref _announced) - Interlocked.Read(ref _last));

    public Transfer Transfer { get; }

    public void Read(string line)
    {
        if (line.StartsWith("Fetched ", StringComparison.Ordinal)) Interlocked.Exchange(ref _last, 0);
        if (File().Match(line) is not { Success: true } match) return;
        var number = match.Groups["size"].Value.Replace(",", "", StringComparison.Ordinal);
        var size = (long)(double.Parse(number, CultureInfo.InvariantCulture)
            * match.Groups["unit"].Value switch { "B" => 1, "kB" => 1e3, "MB" => 1e6, _ => 1e9 });
        Interlocked.Exchange(ref _last, size);
        Interlocked.Add(ref _announced, size);
    }

    [GeneratedRegex(@"^Get:\d+ .*\[(?<size>[\d.,]+) (?<unit>k?B|MB|GB)\]$")]
    private static partial Regex File();
}
