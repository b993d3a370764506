using System.Text.Json.Nodes;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Signing;

/// <summary>What was verified, for people and for programs.</summary>
/// <param name="Images">In the order in which they were asked for.</param>
public sealed record VerificationReport(IReadOnlyList<VerifiedImage> Images)
{
    /// <summary>All of them, each once, fit for a terminal: part of their text is a registry's.</summary>
    public IReadOnlyList<Problem> Problems => [.. Images.SelectMany(x => x.Checks)
        .SelectMany(x => x.Problems)
        .Select(x => x with { Found = Plain(x.Found), Expected = x.Expected is null ? null : Plain(x.Expected) })
        .Distinct()];

    /// <summary>One line per check, and one per thing that was seen besides.</summary>
    public TextTable Table => new(["", "of", "check"], [.. Images.SelectMany(x => x.Checks.SelectMany(Rows)
        .Prepend(["", x.Reference.ToString(), x.Digest ?? "nothing"]))]);

    /// <summary>How many are what they say, and of how many nobody can tell.</summary>
    public string Summary =>
        $"{Count(Verdict.Yes)} of {Images.Count} " +
        $"images{(Count(Verdict.Unknown) is var unknown and > 0 ? $", {unknown} not known" : "")}";

    int Count(Verdict verdict) => Images.Count(x => x.Verdict == verdict);

    static IEnumerable<string[]> Rows(Check check) => check.Notes
        .Select(x => (string[])["note", Plain(check.Subject), Plain(x)])
        .Prepend([WordFor(check.Verdict), Plain(check.Subject), check.Name]);

    static string WordFor(Verdict verdict) => verdict switch
    {
        Verdict.Yes => "ok",
        Verdict.No => "FAIL",
        _ => "not known",
    };

    /// <summary>In JSON <c>null</c> stands for what nobody can tell.</summary>
    static bool? JsonOf(Verdict verdict) => verdict == Verdict.Unknown ? null : verdict == Verdict.Yes;

    /// <summary>Without what a terminal would obey.</summary>
    static string Plain(string text) => string.Concat(text.Select(x => char.IsControl(x) ? '?' : x));

    /// <summary>The same with the problems, with a final newline.</summary>
    public string ToJson() => ReadableJson.Text(new JsonArray([.. Images.Select(image => new JsonObject
    {
        ["reference"] = image.Reference.ToString(),
        ["digest"] = image.Digest,
        ["verified"] = JsonOf(image.Verdict),
        ["checks"] = new JsonArray([.. image.Checks.Select(check => new JsonObject
        {
            ["of"] = check.Subject,
            ["check"] = check.Name,
            ["holds"] = JsonOf(check.Verdict),
            ["problems"] = new JsonArray([.. check.Problems.Select(x =>
                new JsonObject { ["found"] = x.Found, ["expected"] = x.Expected, ["remedy"] = x.Remedy })]),
            ["notes"] = new JsonArray([.. check.Notes.Select(x => JsonValue.Create(x))]),
        })]),
    })]));
}
