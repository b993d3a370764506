using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpenStack.Diagnostics;

namespace OpenStack.Checkup;

/// <summary>What checks found, in their order.</summary>
public sealed record CheckReport(IReadOnlyList<CheckedSubject> Subjects)
{
    /// <summary>All side by side.</summary>
    /// <param name="patience">How long one may take.</param>
    public static async Task<CheckReport> RunAsync(IReadOnlyList<Check> checks, TimeSpan patience) =>
        new(await Task.WhenAll(checks.Select(x => Task.Run(() => LookAsync(x, patience)))));

    static async Task<CheckedSubject> LookAsync(Check check, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        using var source = new CancellationTokenSource();
        CheckResult result;
        try
        {
            // Whatever it is that does not listen is left behind: the run ends after this.
            result = await check.Look(source.Token).WaitAsync(patience, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            await source.CancelAsync();
            result = new CheckResult(CheckState.Bad, $"no answer within {patience.TotalSeconds:0} s",
                "Look at the network between here and there; a proxy is named in HTTPS_PROXY");
        }
        catch (ProblemException e)
        {
            result = new CheckResult(CheckState.Bad, string.Join("; ",
                e.Problems.Select(x => $"{x with { Remedy = null }}")),
                string.Join(". ", e.Problems.Select(x => x.Remedy).OfType<string>().Distinct()));
        }

        var state = check.IsOptional && result.State == CheckState.Bad ? CheckState.Warning : result.State;
        return new CheckedSubject(check.Subject, state, result.Found, result.Remedy,
            Math.Round(clock.Elapsed.TotalSeconds, 2));
    }

    public TextTable Table => new(["", "what", "found", "s"],
    [
        .. Subjects.Select(x => (string[])[Word(x.State), x.Subject,
            x.Remedy.Length > 0 ? $"{x.Found}. {x.Remedy}" : x.Found,
            x.Seconds.ToString("0.0", CultureInfo.InvariantCulture)]),
    ]);

    /// <summary><c>9 good, 1 not known, 1 bad</c>.</summary>
    public string Summary => string.Join(", ", Subjects.GroupBy(x => x.State).OrderBy(x => x.Key)
        .Select(x => $"{x.Count()} {Word(x.Key)}"));

    /// <summary>What a build would fail for.</summary>
    public IReadOnlyList<Problem> Problems => [.. Subjects.Where(x => x.State == CheckState.Bad)
        .Select(x => new Problem($"{x.Subject}: {x.Found}", Remedy: x.Remedy.Length > 0 ? x.Remedy : null))];

    public string ToJson() =>
        JsonSerializer.Serialize([.. Subjects], CheckReportJson.Default.ListCheckedSubject) + "\n";

    public static string Word(CheckState state) => state switch
    {
        CheckState.Good => "good",
        CheckState.Warning => "warning",
        CheckState.Bad => "bad",
        _ => "not known",
    };
}

/// <summary>One of them.</summary>
public sealed record CheckedSubject(string Subject, CheckState State, string Found, string Remedy, double Seconds);

/// <summary>Generated, because reflection costs start-up time.</summary>
[JsonSerializable(typeof(List<CheckedSubject>))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true)]
sealed partial class CheckReportJson : JsonSerializerContext;
