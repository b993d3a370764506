using System.Text.Json;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Storage;

namespace OpenStack.Signing;

/// <summary>
/// What came of the test of an image: in-toto's test result (in-toto attestation framework, predicates/test-result.md),
/// a statement that nobody has signed yet. It names the image by digest, so that it is nothing once that is another.
/// </summary>
public static class TestResult
{
    const string Result = "result";
    const string Configuration = "configuration";

    static readonly string[] s_lists = ["passedTests", "warnedTests", "failedTests"];

    /// <summary>Of the contract.</summary>
    /// <param name="checks">What was checked.</param>
    /// <param name="tasks">What nobody has looked at yet, and so is no pass.</param>
    public static string Of((string Name, string Digest) image, IReadOnlyList<ResourceDescriptor> configuration,
        IReadOnlyList<ContractCheck> checks, IReadOnlyList<Problem> tasks, string? url) => Of(image, configuration,
            [.. checks.Where(x => x.Holds).Select(x => x.Name)],
            [.. tasks.Select(x => $"to do: {x.Found} ({x.File}:{x.Line})")],
            [.. checks.Where(x => !x.Holds).Select(x => x.Name)], url);

    /// <param name="image">What was tested: name, and digest of the manifest of the platform.</param>
    /// <param name="configuration">The files that say what is tested.</param>
    /// <param name="passed">What held.</param>
    /// <param name="warned">What nobody can call passed, and is no failure.</param>
    /// <param name="failed">What did not hold.</param>
    /// <param name="url">Of the run; null outside CI.</param>
    /// <returns>The statement, with a final newline.</returns>
    public static string Of((string Name, string Digest) image, IReadOnlyList<ResourceDescriptor> configuration,
        IReadOnlyCollection<string> passed, IReadOnlyCollection<string> warned, IReadOnlyCollection<string> failed,
        string? url)
    {
        var predicate = new JsonObject
        {
            [Result] = failed.Count > 0 ? "FAILED" : warned.Count > 0 ? "WARNED" : "PASSED",
            [Configuration] = new JsonArray([.. configuration.Select(x => x.ToJson())]),
        };
        if (url is not null) predicate["url"] = url;
        foreach (var (name, tests) in s_lists.Zip([passed, warned, failed])) predicate[name] = Texts(tests);
        return ReadableJson.Text(new JsonObject
        {
            ["_type"] = InTotoStatement.Version1,
            ["subject"] = new JsonArray(ResourceDescriptor.OfFile(image.Name, image.Digest).ToJson()),
            ["predicateType"] = PredicateTypes.TestResult,
            ["predicate"] = predicate,
        });
    }

    /// <summary>One predicate of several runs of tests of one image: its result is the worst of theirs.</summary>
    /// <param name="predicates">At least one, each as <see cref="Read"/> returns it.</param>
    public static string Joined(IReadOnlyList<string> predicates)
    {
        if (predicates.Count == 1) return predicates[0];
        var all = predicates.Select(x => JsonNode.Parse(x)!.AsObject()).ToList();
        var joined = all[0].DeepClone().AsObject();
        joined[Result] = new[] { "FAILED", "WARNED" }.FirstOrDefault(x => all.Any(y => $"{y[Result]}" == x))
            ?? "PASSED";
        foreach (var name in s_lists.Prepend(Configuration))
            joined[name] = new JsonArray([.. all.SelectMany(x => x[name]!.AsArray()).Select(x => x!.DeepClone())]);
        return ReadableJson.Text(joined);
    }

    /// <summary>The predicate of what was written of an image; null where it was not tested.</summary>
    /// <param name="digest">Of the manifest of the platform.</param>
    /// <param name="doubt">Why what is there is not of this image.</param>
    public static string? Read(AbsolutePath file, string digest, out string? doubt)
    {
        doubt = null;
        if (!File.Exists(file)) return null;
        try
        {
            var statement = InTotoStatement.Read(File.ReadAllBytes(file));
            if (statement.PredicateType == PredicateTypes.TestResult && statement.Subjects.Contains(digest))
                return ReadableJson.Text(statement.Predicate);
            doubt = $"{file} is of {string.Join(", ", statement.Subjects)}, and not of {digest}";
        }
        catch (JsonException e)
        {
            doubt = $"{file} cannot be read: {e.Message}";
        }

        return null;
    }

    /// <summary><c>PASSED, 57 passed</c>, of a predicate by anybody.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static (string Result, string Summary) Summarize(JsonElement predicate)
    {
        var result = OciJson.Require(predicate, Result, JsonValueKind.String).GetString()!;
        if (result is not ("PASSED" or "WARNED" or "FAILED")) throw new JsonException($"its result is '{result}'");
        var counts = s_lists.Select(x => (Word: x[..^"Tests".Length], Count: predicate.TryGetProperty(x, out var list)
                && list.ValueKind == JsonValueKind.Array ? list.GetArrayLength() : 0))
            .Where(x => x.Count > 0).Select(x => $"{x.Count} {x.Word}");
        return (result, string.Join(", ", counts.Prepend(result)));
    }

    static JsonArray Texts(IEnumerable<string> texts) =>
        [.. texts.Order(StringComparer.Ordinal).Select(x => JsonValue.Create(x))];
}
