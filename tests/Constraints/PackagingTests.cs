using System.Text.Json;
using System.Text.Json.Nodes;
using OpenStack.Constraints;
using OpenStack.Tests.Python;

namespace OpenStack.Tests.Constraints;

/// <summary>Generated texts mean here what they mean to the library <c>packaging</c>.</summary>
[Trait("Group", "Lab")]
public class PackagingTests
{
    const int Cases = 5_000;

    /// <summary>
    /// From this one on the library orders versions by what belongs to them, not by their release alone (<c>&gt;3a0</c>
    /// admits <c>3+p1</c>), and no texts at all, and a marker has an end. What older ones say of that is not compared.
    /// </summary>
    const int Newest = 26;

    static readonly string[] s_texts =
        ["os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_system",
        "platform_version", "implementation_name", "extra"];

    [PythonModuleFact("packaging", "python3-packaging")]
    public async Task RequirementsAreRead()
    {
        var isOld = await IsOldAsync();
        // Older ones take a comma for a part of what === compares with, and have no URL that begins like a marker.
        var texts = Texts(1, x => x.Requirement())
            .Where(x => !isOld || !(x.Contains("===") && x.Contains(',') || x.Contains('@') && !x.Contains(":/")))
            .ToList();
        await CompareAsync(texts, x => new { kind = "requirement", text = x }, x =>
            Requirement.TryParse(x, out var problem) is not { } read ? Refused(problem) : JsonSerializer.Serialize(new
            {
                name = read.Name,
                extras = read.Extras.Distinct().Order(StringComparer.Ordinal),
                specifiers = read.Specifiers.Select(y => y.ToString()).Distinct().Order(StringComparer.Ordinal),
                url = read.Url,
                marker = read.Marker is not null,
            }));
    }

    [PythonModuleFact("packaging", "python3-packaging")]
    public async Task MarkersHold()
    {
        var environment = new MarkerEnvironment(PythonTexts.Environment);
        var isOld = await IsOldAsync();
        var texts = Texts(2, x => x.Marker(3))
            .Where(x => !isOld || Marker.TryParse(x, out _, out _)?.Comparisons.All(IsAgreed) == true).ToList();
        await CompareAsync(texts, x => new { kind = "marker", text = x, environment = PythonTexts.Environment }, x =>
            Marker.TryParse(x, out _, out _) switch
        {
            null => "\"invalid\"",
            // The library answers nothing of a whole in which one part has no answer.
            var read when read.Comparisons.Any(y => y.Holds(environment) is null) => "null",
            var read => read.Holds(environment) == true ? "true" : "false",
        });
    }

    [PythonModuleFact("packaging", "python3-packaging")]
    public async Task SpecifiersAdmit()
    {
        var texts = Texts(3, x => x.Specifier());
        var versions = Texts(4, x => x.Version()).Select(x => PythonVersion.TryParse(x)?.Text ?? "1.0").ToList();
        var isOld = await IsOldAsync();
        await CompareAsync([.. texts.Zip(versions).Where(x => !isOld || !IsNewOrder(x.First, x.Second))], x =>
            new { kind = "specifier", text = x.First, version = x.Second }, x =>
        {
            var @operator = VersionSpecifier.Operators.First(y => x.First.StartsWith(y, StringComparison.Ordinal));
            var specifier = new VersionSpecifier(@operator, x.First[@operator.Length..].Trim());
            return !specifier.IsValid ? "\"invalid\"" : specifier.Admits(x.Second) ? "true" : "false";
        });
    }

    [PythonModuleFact("packaging", "python3-packaging")]
    public async Task VersionsAreOrdered()
    {
        var pairs = Texts(5, x => x.Version()).Zip(Texts(6, x => x.Version())).ToList();
        await CompareAsync(pairs, x => new { kind = "version", text = x.First, other = x.Second }, x =>
            PythonVersion.TryParse(x.First) is { } left && PythonVersion.TryParse(x.Second) is { } right
                ? JsonSerializer.Serialize(new { normal = left.Normal, order = Math.Sign(left.CompareTo(right)) })
                : "\"invalid\"");
    }

    static List<string> Texts(int seed, Func<PythonTexts, string> make)
    {
        var texts = new PythonTexts(seed);
        return [.. Enumerable.Range(0, Cases).Select(_ => make(texts))];
    }

    static async Task<bool> IsOldAsync() =>
        int.Parse(((string?)(await Oracle.AskAsync([new { kind = "packaging" }])).Single())!.Split('.')[0]) < Newest;

    static bool IsNewOrder(string specifier, string version) => specifier.EndsWith('*')
        || specifier.TrimStart('<', '>', '~', '=') is var text
            && PythonVersion.TryParse(text.Trim()) is { } wanted
            && PythonVersion.TryParse(version) is { } candidate
            && (specifier[..^text.Length] is "<" or ">"
                ? candidate.HasSameRelease(wanted)
                : specifier[0] == '~' && (candidate.Epoch != wanted.Epoch || candidate.IsPreRelease));

    static bool IsAgreed(MarkerComparison comparison)
    {
        var literal = comparison.Left.IsVariable ? comparison.Right.Text : comparison.Left.Text;
        var isVersion = PythonVersion.TryParse(literal) is not null;
        return comparison.Operator is "in" or "not in"
            || (s_texts.Contains(comparison.Variable)
                ? comparison.Operator is "==" or "!=" && !new VersionSpecifier(comparison.Operator, literal).IsValid
                : isVersion && new VersionSpecifier(comparison.Operator, literal).IsValid);
    }

    /// <summary>A refusal says why, and where.</summary>
    static string Refused(OpenStack.Diagnostics.Problem? problem)
    {
        Assert.True(problem is { Found.Length: > 0, Column: > 0, Expected.Length: > 0 });
        return "null";
    }

    static async Task CompareAsync<T>(IReadOnlyList<T> cases, Func<T, object> question, Func<T, string> ours)
    {
        var answers = await Oracle.AskAsync(cases.Select(question));
        var differing = cases.Zip(answers).Where(x => !JsonNode.DeepEquals(x.Second, JsonNode.Parse(ours(x.First))))
            .Select(x => $"{x.First}: ours {ours(x.First)}, theirs {x.Second?.ToJsonString() ?? "null"}").ToList();
        Assert.True(differing.Count == 0,
            $"{differing.Count} of {cases.Count} differ:\n{string.Join('\n', differing.Take(20))}");
    }
}
