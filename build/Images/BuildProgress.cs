using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OpenStack.Diagnostics;

namespace OpenStack.Images;

/// <summary>
/// Reads BuildKit's plain progress and passes on what a person wants to see while it runs: each instruction when it
/// begins and, with its time, when it ends; every step as long as it is under way, with what it says and with what it
/// pulls or sends; and the output of the step that failed.
/// </summary>
/// <param name="watch">Gets all that.</param>
/// <param name="targets">The targets that steps may be of; none where that does not matter.</param>
public sealed partial class BuildProgress(Watch watch, IReadOnlyCollection<string>? targets = null) : IDisposable
{
    const int TailLength = 20;

    readonly StepTargets _targets = new(targets ?? []);

    /// <summary>How long anything of a target has been under way.</summary>
    readonly Dictionary<string, (Stopwatch Clock, HashSet<string> Steps)> _clocks = [];

    readonly Dictionary<string, string> _names = [];
    readonly Dictionary<string, Queue<string>> _tails = [];

    readonly Dictionary<string, Work> _running = [];

    /// <summary>What each step pulls or sends, by what that is called.</summary>
    readonly Dictionary<string, Dictionary<string, (long Moved, long Expected)>> _transfers = [];

    /// <summary>Steps are spans of whatever reads the progress.</summary>
    readonly ActivityContext? _parent = Activity.Current?.Context;
    readonly Dictionary<string, Activity> _spans = [];
    readonly Lock _lock = new();

    /// <summary>Whatever is under way is so no longer.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var work in _running.Values) work.Dispose();
            _running.Clear();
        }
    }

    /// <summary>The step that failed with the end of its output; null as long as none has.</summary>
    public string? Failure { get; private set; }

    /// <summary>The target that this step is of; null where it is of none.</summary>
    public string? FailedTarget { get; private set; }

    /// <summary>
    /// A target whose steps have taken longer than that, with what it was doing; for another thread. Time in which
    /// nothing of it was under way, as others were, does not count.
    /// </summary>
    public (string Target, string Step)? Overdue(TimeSpan limit)
    {
        lock (_lock)
        {
            var late = _clocks.Where(x => x.Value.Steps.Count > 0 && x.Value.Clock.Elapsed > limit)
                .Select(x => (x.Key, Step: x.Value.Steps.Last())).ToList();
            return late.Count == 0 ? null : (late[0].Key, _names[late[0].Step]);
        }
    }

    /// <summary>
    /// One line of <c>--progress plain</c>: <c>#7 [keystone build 2/3] RUN …</c>, <c>#7 DONE 3.2s</c>,
    /// <c>#7 ERROR: …</c>.
    /// </summary>
    public void Read(string line)
    {
        // What is told may wait for who asks for the state.
        foreach (var told in Understand(line)) watch.Tell(told);
    }

    List<string> Understand(string line)
    {
        lock (_lock) return [.. Lines(line)];
    }

    IEnumerable<string> Lines(string line)
    {
        if (StepLine().Match(line) is not { Success: true } match) yield break;
        var (step, text) = (match.Groups["step"].Value, match.Groups["text"].Value);
        var target = _targets.Read(line);
        if (!_names.TryGetValue(step, out var name))
        {
            _names[step] = name = Shorten(text);
            // The first one is the whole build, and has no end.
            if (step != "0") Begin(step, name, target);
            if (IsInstruction(name)) yield return $"{name} ...";
            yield break;
        }

        if (DoneLine().Match(text) is { Success: true } done)
        {
            End(step, target);
            if (IsInstruction(name)) yield return $"{name}  {done.Groups["seconds"].Value} s";
        }
        else if (text is "CACHED" or "CANCELED")
        {
            if (_spans.TryGetValue(step, out var span)) span.SetTag("buildkit.end", text.ToLowerInvariant());
            End(step, target);
        }
        else if (text.StartsWith("ERROR", StringComparison.Ordinal))
        {
            if (_spans.TryGetValue(step, out var span)) span.SetStatus(ActivityStatusCode.Error, text);
            End(step, target);
            var tail = _tails.TryGetValue(step, out var lines) ? string.Concat(lines.Select(x => "\n    " + x)) : "";
            if (Failure is null) FailedTarget = target;
            Failure ??= $"{name}: {text["ERROR".Length..].TrimStart(':', ' ')}{tail}";
        }
        else if (TransferLine().Match(text) is { Success: true } transfer)
        {
            if (!_transfers.TryGetValue(step, out var parts)) _transfers[step] = parts = [];
            long Bytes(string group) => BytesOf(transfer.Groups[group].Value, transfer.Groups[$"{group}Unit"].Value);
            parts[transfer.Groups["what"].Value] = (Bytes("moved"), transfer.Groups["all"].Success ? Bytes("all") : 0);
        }
        // BuildKit repeats the name of a step when it comes back to it after another's output.
        else if (text != "..." && Shorten(text) != name)
        {
            if (!_tails.TryGetValue(step, out var lines)) _tails[step] = lines = new Queue<string>();
            var output = OutputTime().Replace(text, "");
            // uv's own, such as of a file that an index has withdrawn: it ends well, so that nobody would see them.
            // What is said while something is built is its author's business.
            if (output.StartsWith("warning: ", StringComparison.Ordinal)
                && !name.Contains("] RUN build-", StringComparison.Ordinal))
                watch.Tell($"{name}: {output}");
            lines.Enqueue(output);
            if (lines.Count > TailLength) lines.Dequeue();
        }
    }

    void Begin(string step, string name, string? target)
    {
        _running[step] = watch.Begin(name, () => LastLineOf(step),
            new Transfer(() => TransferOf(step).Expected, () => TransferOf(step).Moved));
        if (Tracing.StartAside(name, _parent) is { } span)
            _spans[step] = span.SetTag("buildkit.step", int.Parse(step, CultureInfo.InvariantCulture))
                .SetTag("buildkit.target", target);
        if (target is null) return;
        if (!_clocks.TryGetValue(target, out var clock)) _clocks[target] = clock = (new Stopwatch(), []);
        clock.Steps.Add(step);
        clock.Clock.Start();
    }

    void End(string step, string? target)
    {
        if (_running.Remove(step, out var work)) work.Dispose();
        if (_spans.Remove(step, out var span)) Tracing.EndAside(span);
        if (target is null || !_clocks.TryGetValue(target, out var clock)) return;
        clock.Steps.Remove(step);
        if (clock.Steps.Count == 0) clock.Clock.Stop();
    }

    string? LastLineOf(string step)
    {
        lock (_lock) return _tails.TryGetValue(step, out var lines) ? Shorten(lines.Last().Trim()) : null;
    }

    (long Moved, long Expected) TransferOf(string step)
    {
        lock (_lock) return _transfers.TryGetValue(step, out var parts)
            ? (parts.Values.Sum(x => x.Moved), parts.Values.Sum(x => x.Expected)) : default;
    }

    /// <summary>As BuildKit has them, decimal.</summary>
    static long BytesOf(string number, string unit) => (long)(double.Parse(number, CultureInfo.InvariantCulture)
        * unit switch { "B" => 1, "kB" => 1e3, "MB" => 1e6, _ => 1e9 });

    /// <summary>A RUN, or the export at the end; the rest takes no time worth a line.</summary>
    static bool IsInstruction(string name) =>
        name.Contains("] RUN ", StringComparison.Ordinal) || name.Contains("exporting to", StringComparison.Ordinal);

    static string Shorten(string text)
    {
        var plain = Options().Replace(text, "RUN ");
        return plain.Length <= 110 ? plain : plain[..107] + "...";
    }

    /// <summary>Mounts and the like say nothing to someone who waits.</summary>
    [GeneratedRegex(@"\bRUN\s+(--\S+\s+)+")]
    private static partial Regex Options();

    [GeneratedRegex(@"^#(?<step>\d+) (?<text>.+)$")]
    private static partial Regex StepLine();

    [GeneratedRegex(@"^DONE (?<seconds>[\d.]+)s$")]
    private static partial Regex DoneLine();

    /// <summary>
    /// <c>sha256:0a1b… 10.49MB / 29.54MB 1.2s</c> of a layer that is pulled, <c>transferring context: 2.1MB 0.3s</c> of
    /// files that are sent.
    /// </summary>
    [GeneratedRegex(@"^(?<what>sha256:[0-9a-f]+|transferring [^:]+:) (?<moved>[\d.]+)(?<movedUnit>[kMG]?B)"
        + @"( / (?<all>[\d.]+)(?<allUnit>[kMG]?B))?( [\d.]+s)?( done)?$")]
    private static partial Regex TransferLine();

    [GeneratedRegex(@"^\d+\.\d+ ")]
    private static partial Regex OutputTime();
}
