using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Lab;
using OpenStack.NativePackages;
using OpenStack.Pipeline.Development;
using OpenStack.Sbom;
using OpenStack.Tests.EndToEnd;
using OpenStack.Workflows;

namespace OpenStack.Tests.Catalog;

/// <summary>The schemas that files name, compared with what reads the files.</summary>
public partial class YamlSchemaTests
{
    /// <summary>A fragment, to which a file's beginning is added.</summary>
    const string Fragment = "build/Catalog/templates/extra-packages.yaml";

    /// <summary>How many entries of each mapping and list are broken, one after the other.</summary>
    const int Breadth = 4;

    static readonly JsonSerializerOptions s_text = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    static readonly Dictionary<string, Action<string, List<Problem>>> s_readers = new()
    {
        ["actions"] = (text, _) => ActionPins.Parse(text),
        ["closures.lock"] = (text, problems) => ClosureLock.Parse(text, "f", problems),
        ["contract"] = (text, _) => ImageContract.Parse(text, "f", new Dictionary<string, string>()),
        ["entry-points"] = (text, problems) => new EntryPointsFile("f", problems).Parse(text, []),
        ["extra-packages"] = (text, problems) => new ExtraPackagesFile("f", problems).Parse(text, []),
        ["groups"] = (text, problems) => new GroupsFile("f", problems).Parse(text, []),
        ["image"] = (text, problems) => new ImageFile("f", problems).Parse(text),
        ["lab"] = (text, _) => ReadLab(text),
        ["layers"] = (text, problems) => new LayerPlanFile("f", problems).Parse(text),
        ["package"] = (text, problems) => new PackageFile("f", problems).Parse(text),
        ["platforms"] = (text, _) => BuildPlatforms.Parse(text),
        ["scan"] = (text, _) => ScanPolicyFile.Parse(text, "f", new DateOnly(2026, 1, 1)),
        ["series"] = (text, problems) => new SeriesFile("f", problems).Parse(text, "2025.1"),
        ["set"] = (text, problems) => new SetFile("x", "f", problems).Parse(text),
        ["source-refs"] = (text, problems) => SourceRefsFile.Parse(text, "f", problems),
        ["source-refs.lock"] = (text, problems) => RefLock.Parse(text, "f", problems),
        ["tests"] = (text, problems) => new TestSettingsFile("f", problems).Parse(text),
    };

    /// <summary>Files of the repository, and texts of what none of them has.</summary>
    public static TheoryData<string, string> Samples => new()
    {
        { "actions", "build/Workflows/actions.yaml" },
        { "closures.lock", new ClosureLock(new Dictionary<string, LockedClosure>
            { ["nova"] = new("nova", "sha256:1", ["alembic", "nova"]) }).ToText() },
        { "contract", "images/nova/contract.yaml" },
        { "contract", "images/keystone/contract.apache.yaml" },
        { "contract", "images/ovn/contract.yaml" },
        { "entry-points", "releases/2025.1/entry-points.yaml" },
        { "extra-packages", "releases/2025.1/extra-packages.yaml" },
        { "extra-packages", "nova:\n  pip-extras: [osprofiler]\n  pip-packages: [uwsgi, 'glance_store[s3,swift]']\n"
            + "  options: [apache]\n  plugins: [nova-powervm]\n" },
        { "groups", "images/groups.yaml" },
        { "image", "images/nova/image.yaml" },
        { "image", "kind: native\nbyte-code: service\nshell: /bin/bash\ndirectories: [/a/b]\n" },
        { "lab", "build/Lab/data/lab.yaml" },
        { "layers", new LayerPlan([new(["glance", "nova"], ["librbd1"], ["oslo-config"]), new(["nova"], [], ["x"])])
            .ToText() },
        { "package", "packages/nova/package.yaml" },
        { "package", "packages/neutron/package.yaml" },
        { "platforms", "build/Workflows/platforms.yaml" },
        { "scan", "fail-on: critical\nignore:\n  - id: CVE-2025-1\n    reason: not called\n"
            + "    expires: \"2026-12-31\"\n    services: [nova]\n" },
        { "series", "releases/2025.1/series.yaml" },
        { "series", "releases/2026.1/series.yaml" },
        { "set", "images/nova/set.yaml" },
        { "set", "images/tempest/set.yaml" },
        { "set", "images/set-backend/set.yaml" },
        { "source-refs", "releases/2025.1/source-refs.yaml" },
        { "source-refs", "nova: stable/2025.1\nx: { ref: \"1\", url: https://example.org/x }\n" },
        { "source-refs.lock", "releases/2025.1/source-refs.lock.yaml" },
        { "tests", "images/keystone/tests.yaml" },
        { "tests", "runner: pytest\npaths: [a/b]\nwrites-to-tree: true\nrequirements: [r.txt]\nleave-out: [bandit]\n"
            + "extras: [x]\npackages: [y]\nneeds: [mariadb]\nenvironment: {A: b}\nexclude:\n  - tests: a.*\n"
            + "    reason: r\n    until: 2026-10-02\n    bug: x\n    releases: [\"2025.1\"]\n" },
    };

    public static TheoryData<string> Files =>
        [.. RepositoryCopy.Git(RepositoryRoot.Path, "ls-files", "*.yaml", ":!tests", ":!.github").Lines
            .Where(x => x != Fragment)];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task AFileNamesItsSchemaAndIsValid(string file)
    {
        var text = File.ReadAllText(RepositoryRoot.Path / file);
        // A template names what the file that is made of it has to name.
        var isTemplate = file.Contains("/templates/", StringComparison.Ordinal)
            && !file.EndsWith("ports.yaml", StringComparison.Ordinal);
        var place = isTemplate ? $"images/x/{TemplateKind().Replace(Path.GetFileName(file), "")}"
            : OptionOfContract().Replace(file, "contract.yaml");
        Assert.StartsWith(YamlSchema.LineOf(place), text, StringComparison.Ordinal);
        var schema = Path.GetFullPath(RepositoryRoot.Path / place / ".." / text.Split('\n')[0].Split('=')[1]);
        Assert.True(File.Exists(schema), schema);
        if (!isTemplate)
            Assert.Empty(ErrorsOf(await JsonSchema.FromJsonAsync(File.ReadAllText(schema)), JsonOf(text)));
    }

    [Fact]
    public void EveryReaderIsCompared() => Assert.Equal(
        [.. FileSchemas.Files.Keys.Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)],
        s_readers.Keys.Append("ports").Order(StringComparer.Ordinal));

    /// <summary>A file is broken in every way, piece by piece, and either both refuse it or none.</summary>
    [Theory]
    [MemberData(nameof(Samples))]
    public async Task TheSchemaRefusesWhatTheReaderRefuses(string kind, string sample)
    {
        var text = sample.Contains('\n') ? sample : File.ReadAllText(RepositoryRoot.Path / sample);
        var schema = await JsonSchema.FromJsonAsync(FileSchemas.Files[$"{kind}.json"]);
        var (refused, admitted, different) = (0, 0, new List<string>());
        foreach (var (what, root) in Broken(Shortened(JsonOf(text))).Prepend(("as it is", JsonOf(text))))
        {
            var (bySchema, byReader) = (ErrorsOf(schema, root).Count > 0, Refuses(kind, root) is not null);
            if (byReader) refused++;
            else admitted++;
            if (bySchema != byReader && !IsBeyondSchemas(kind, what))
                different.Add($"{what}: the schema {(bySchema ? "refuses" : "admits")} it, the reader "
                    + (Refuses(kind, root) is { } why ? $"does not: {why}" : "admits it"));
        }

        Assert.True(different.Count == 0, string.Join('\n', different.Take(40)));
        Assert.True(refused > 20 && admitted > 0, $"{refused} refused, {admitted} admitted");
    }

    /// <summary>What a JSON schema has no words for.</summary>
    static bool IsBeyondSchemas(string kind, string what) => (kind, what) switch
    {
        // Whether a text is a regular expression is a format, which not every validator looks at.
        (_, _) when what.EndsWith("\"(\"", StringComparison.Ordinal) => true,
        // What has to differ in one field alone.
        ("actions", "root has its first twice") => true,
        ("layers", "layers has its first twice" or "layers.0.python has \"x\"" or "layers.0.python.0 is \"x\"") => true,
        // One of two.
        ("lab", _) when OneOfTwo().IsMatch(what) => true,
        // YamlDotNet takes an empty mapping for zero.
        ("lab", _) when what.EndsWith(" is {}", StringComparison.Ordinal) && IsOfNumber().IsMatch(what) => true,
        _ => false,
    };

    [Theory]
    [InlineData("releases/2025.1/series.yaml", "# yaml-language-server: $schema=../../docs/schemas/series.json\n")]
    [InlineData("images/groups.yaml", "# yaml-language-server: $schema=../docs/schemas/groups.json\n")]
    public void ALineLeadsFromAFileToItsSchema(string file, string line) =>
        Assert.Equal(line, YamlSchema.LineOf(file));

    /// <summary>Null where it is read without a problem.</summary>
    static string? Refuses(string kind, JsonNode? root)
    {
        var problems = new List<Problem>();
        try
        {
            s_readers[kind](root?.ToJsonString(s_text) ?? "null", problems);
            return problems.Count > 0 ? problems[0].ToString() : null;
        }
        catch (ProblemException e)
        {
            return e.Message;
        }
    }

    static List<string> ErrorsOf(JsonSchema schema, JsonNode? root) =>
        [.. schema.Validate(root?.ToJsonString() ?? "null").Select(x => x.ToString())];

    /// <summary>As YAML's core schema has it, which editors read by.</summary>
    static JsonNode? JsonOf(string text)
    {
        var problems = new List<Problem>();
        var root = YamlFile.Read(text, "f", problems);
        Assert.Empty(problems);
        return JsonOf(root!);
    }

    static JsonNode? JsonOf(YamlNode node) => node switch
    {
        YamlMapping x => new JsonObject(x.Entries.Select(y => KeyValuePair.Create(y.Key.Value, JsonOf(y.Value)))),
        YamlSequence x => new JsonArray([.. x.Items.Select(JsonOf)]),
        YamlScalar { IsPlain: true, Value: "" or "~" or "null" } => null,
        YamlScalar { IsPlain: true, Value: "true" or "false" } x => x.Value == "true",
        YamlScalar { IsPlain: true } x when int.TryParse(x.Value, out var number) => number,
        YamlScalar { IsPlain: true } x when double.TryParse(x.Value, out var number) => number,
        YamlScalar x => x.Value,
        _ => throw new InvalidOperationException(node.Kind),
    };

    /// <summary>With the first few of whatever there is much of.</summary>
    static JsonNode? Shortened(JsonNode? node) => node switch
    {
        JsonObject x when x.Count > 20 =>
            new JsonObject(x.Take(Breadth).Select(y => KeyValuePair.Create(y.Key, Shortened(y.Value)))),
        JsonObject x => new JsonObject(x.Select(y => KeyValuePair.Create(y.Key, Shortened(y.Value)))),
        JsonArray x => new JsonArray([.. x.Take(Breadth).Select(Shortened)]),
        _ => node?.DeepClone(),
    };

    static IEnumerable<(string What, JsonNode? Root)> Broken(JsonNode? root)
    {
        foreach (var (what, node) in BrokenHere(root)) yield return ($"root {what}", node);
        var paths = PathsOf(root, []).ToList();
        foreach (var path in paths)
        {
            foreach (var (what, node) in BrokenHere(At(root, path)))
            {
                var copy = root!.DeepClone();
                var parent = At(copy, path[..^1])!;
                if (path[^1] is int index) ((JsonArray)parent)[index] = node;
                else parent[(string)path[^1]] = node;
                yield return ($"{string.Join('.', path)} {what}", copy);
            }
        }
    }

    static IEnumerable<(string What, JsonNode? Node)> BrokenHere(JsonNode? node)
    {
        JsonNode?[] others = [null, "", "x", "../..", "-x y", "(", 7, 1.5, true, new JsonArray(), new JsonObject(),
            new JsonArray("x", "x"), new JsonArray(new JsonArray()), new JsonObject { ["x"] = "y" }];
        foreach (var other in others) yield return ($"is {other?.ToJsonString() ?? "null"}", other?.DeepClone());
        if (node is JsonObject mapping)
        {
            yield return ("has 'unheard-of'", With(mapping, x => x["unheard-of"] = "x"));
            yield return ("has 'Not a name!'",
                With(mapping, x => x["Not a name!"] = mapping.FirstOrDefault().Value?.DeepClone()));
            foreach (var (key, _) in mapping) yield return ($"lacks {key}", With(mapping, x => x.Remove(key)));
        }
        else if (node is JsonArray list)
        {
            foreach (var other in others)
                yield return ($"has {other?.ToJsonString() ?? "null"}",
                    With(list, x => x.Add(other?.DeepClone())));
            if (list.Count > 0)
                yield return ("has its first twice", With(list, x => x.Add(list[0]?.DeepClone())));
        }
    }

    static JsonNode With<T>(T node, Action<T> change)
        where T : JsonNode
    {
        var copy = (T)node.DeepClone();
        change(copy);
        return copy;
    }

    static IEnumerable<object[]> PathsOf(JsonNode? node, object[] path) => (node switch
    {
        JsonObject x => x.Select(y => ((object)y.Key, y.Value)),
        JsonArray x => x.Take(Breadth).Select((y, i) => ((object)i, y)),
        _ => [],
    }).SelectMany(x => PathsOf(x.Item2, [.. path, x.Item1]).Prepend([.. path, x.Item1]));

    static JsonNode? At(JsonNode? root, object[] path) =>
        path.Aggregate(root, (node, x) => x is int index ? node![index] : node![(string)x]);

    static void ReadLab(string text)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            LabData.Read(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex(@"^sources\.\d+( lacks (package|rebuiltFrom)|\.rebuiltFrom is \[\])$")]
    private static partial Regex OneOfTwo();

    [GeneratedRegex(@"\.(elf|percentOfFree|atLeast|atMost|keptImages) ")]
    private static partial Regex IsOfNumber();

    [GeneratedRegex(@"^(native|client)\.")]
    private static partial Regex TemplateKind();

    [GeneratedRegex(@"contract\.[a-z]+\.yaml")]
    private static partial Regex OptionOfContract();
}
