using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenStack.Diagnostics;

namespace OpenStack.Signing;

/// <summary>What was verified, for people and for programs.</summary>
/// <param name="Images">In the order in which they were asked for.</param>
public sealed record VerificationReport(IReadOnlyList<VerifiedImage> Images)
{
    static readonly JsonSerializerOptions s_json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All of them, each once, fit for a terminal: part of their text is a registry's.</summary>
    public IReadOnlyList<Problem> Problems => [.. Images.SelectMany(x => x.Checks).SelectMany(x => x.Problems).Select(x => x with { Found = Plain(x.Found), Expected = x.Expected is null ? null : Plain(x.Expected) }).Distinct()];

    /// <summary>One line per check.</summary>
    public TextTable Table => new(["", "of", "check"],
        [.. Images.SelectMany(x => x.Checks.Select(y => (string[])[y.Holds ? "ok" : "FAIL", Plain(y.Subject), y.Name]).Prepend(["", x.Reference.ToString(), x.Digest ?? "nothing"]))]);

    /// <summary>Without what a terminal would obey.</summary>
    static string Plain(string text) => string.Concat(text.Select(x => char.IsControl(x) ? '?' : x));

    /// <summary>The same with the problems, with a final newline.</summary>
    public string ToJson() => new JsonArray([.. Images.Select(image => new JsonObject
    {
        ["reference"] = image.Reference.ToString(),
        ["digest"] = image.Digest,
        ["verified"] = image.Checks.All(x => x.Holds),
        ["checks"] = new JsonArray([.. image.Checks.Select(check => new JsonObject
        {
            ["of"] = check.Subject,
            ["check"] = check.Name,
            ["holds"] = check.Holds,
            ["problems"] = new JsonArray([.. check.Problems.Select(x => new JsonObject { ["found"] = x.Found, ["expected"] = x.Expected, ["remedy"] = x.Remedy })]),
        })]),
    })]).ToJsonString(s_json) + "\n";
}
