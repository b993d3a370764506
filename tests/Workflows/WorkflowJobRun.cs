using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using OpenStack.Processes;

namespace OpenStack.Tests.Workflows;

/// <summary>
/// One job of a <see cref="WorkflowRun"/>, for one row of its matrix: its steps, in a workspace of their own.
/// </summary>
sealed class WorkflowJobRun(string name, JsonObject job, IReadOnlyDictionary<string, JsonNode?> contexts,
    JsonObject row, AbsolutePath directory, WorkflowRun run)
{
    static readonly string[] s_stepKeys = ["name", "id", "if", "uses", "with", "run", "env"];

    /// <summary>What installs programs, or keeps files for the next run.</summary>
    static readonly string[] s_withoutEffect = ["actions/setup-dotnet", "sigstore/cosign-installer",
        "actions/cache/restore", "actions/cache/save"];

    readonly Dictionary<string, string> _environment = [];
    readonly JsonObject _steps = [];
    readonly List<StepResult> _results = [];
    readonly AbsolutePath _workspace = directory / "workspace";

    /// <summary>Each step has a file of its own, and GitHub shows all of them.</summary>
    AbsolutePath Summary => directory / $"summary-{_results.Count:000}.md";

    bool HasFailed => _results.Any(x => x.Outcome == Outcome.Failure);

    public async Task<JobResult> RunAsync()
    {
        Directory.CreateDirectory(_workspace);
        foreach (var (key, value) in job.Map("env")) _environment[key] = Value().Text(value!.GetValue<string>());
        foreach (var step in job.Steps()) _results.Add(await RunAsync(step));
        var outputs = job.Map("outputs").ToDictionary(x => x.Key, x => Value().Text(x.Value!.GetValue<string>()));
        var summary = string.Concat(directory.GlobFiles("summary-*.md")
            .OrderBy(x => x.Name, StringComparer.Ordinal)
            .Select(x => File.ReadAllText(x)));
        if (run.RemovesWorkspaces) Directory.Delete(directory, recursive: true);
        return new JobResult(name, job.Text("name") is { } title ? Value().Text(title) : name, row,
            HasFailed ? Outcome.Failure : Outcome.Success, outputs, _results, summary);
    }

    async Task<StepResult> RunAsync(JsonObject step)
    {
        if (step.FirstOrDefault(x => !s_stepKeys.Contains(x.Key)) is { Key: { } unknown })
            throw new NotSupportedException($"{name}: {unknown}");
        var title = Value().Text(step.Text("name") ?? step.Text("uses") ?? step.Text("run")!);
        StepResult result;
        var outputs = directory / $"outputs-{_results.Count}";
        if (!Value().Condition(step.Text("if"))) result = new StepResult(title, Outcome.Skipped);
        else if (step.Text("run") is { } command) result = await RunAsync(title, Value().Text(command), step, outputs);
        else result = await UseAsync(title, step);
        if (step.Text("id") is { } id)
        {
            _steps[id] = new JsonObject
            {
                ["outcome"] = result.Outcome.ToString().ToLowerInvariant(),
                ["outputs"] = new JsonObject(Pairs(outputs)
                    .Select(x => KeyValuePair.Create(x.Key, (JsonNode?)x.Value))),
            };
        }

        return result;
    }

    /// <summary>The shell that GitHub takes where a step names none: it ends at the first command that fails.</summary>
    async Task<StepResult> RunAsync(string title, string command, JsonObject step, AbsolutePath outputs)
    {
        var script = directory / "script.sh";
        await File.WriteAllTextAsync(script, command);
        var (variables, paths) = (directory / "variables", directory / "paths");
        foreach (var file in (AbsolutePath[])[outputs, variables, paths, Summary])
            if (!File.Exists(file)) await File.WriteAllTextAsync(file, "");
        var environment = Inherited()
            .Concat(Default(outputs, variables, paths))
            .Concat(_environment.Select(x => KeyValuePair.Create(x.Key, (string?)x.Value)))
            .Concat(step.Map("env")
                .Select(x => KeyValuePair.Create(x.Key, (string?)Value().Text(x.Value!.GetValue<string>()))))
            .Concat(run.Environment);
        var result = await new Command("bash", ["-e", script])
        {
            WorkingDirectory = _workspace,
            Environment = environment.GroupBy(x => x.Key).ToDictionary(x => x.Key, x => x.Last().Value),
            OnLine = run.OnLine,
        }.RunAsync();
        foreach (var (key, value) in Pairs(variables)) _environment[key] = value;
        if (File.ReadAllLines(paths) is { Length: > 0 } added)
            _environment["PATH"] = string.Join(':',
            [
                .. added.Reverse(),
                _environment.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH"),
            ]);
        return new StepResult(title, result.Succeeded ? Outcome.Success : Outcome.Failure, command,
            result.Output + result.Error);
    }

    async Task<StepResult> UseAsync(string title, JsonObject step)
    {
        var action = step.Text("uses")!.Split('@')[0];
        var with = step.Map("with").ToDictionary(x => x.Key, x => Value().Text(x.Value!.GetValue<string>()));
        AbsolutePath At(string key) => Path.GetFullPath(with.GetValueOrDefault(key, "."), _workspace);
        try
        {
            switch (action)
            {
                case "actions/checkout":
                    await run.CheckOutAsync(_workspace);
                    break;
                case "actions/upload-artifact":
                    run.Artifacts.Upload(with["name"], with["path"], _workspace);
                    break;
                case "actions/download-artifact" when with.TryGetValue("name", out var artifact):
                    run.Artifacts.Download(artifact, At("path"));
                    break;
                case "actions/download-artifact":
                    run.Artifacts.DownloadAll(with.GetValueOrDefault("pattern", "*"), At("path"),
                        with.GetValueOrDefault("merge-multiple") == "true");
                    break;
                case var _ when s_withoutEffect.Contains(action):
                    break;
                default:
                    throw new NotSupportedException($"{name}: {action}");
            }
        }
        catch (InvalidOperationException e)
        {
            return new StepResult(title, Outcome.Failure, Output: e.Message);
        }

        return new StepResult(title, Outcome.Success);
    }

    ExpressionValue Value() => new(
        new Dictionary<string, JsonNode?>(contexts, StringComparer.OrdinalIgnoreCase)
        {
            ["steps"] = _steps,
            ["env"] = new JsonObject(_environment.Select(x => KeyValuePair.Create(x.Key, (JsonNode?)x.Value))),
            ["job"] = new JsonObject { ["status"] = HasFailed ? "failure" : "success" },
            ["runner"] = new JsonObject { ["os"] = "Linux", ["arch"] = Architecture, ["temp"] = directory.ToString() },
        },
        new Dictionary<string, Func<bool>>
        {
            ["success"] = () => !HasFailed,
            ["failure"] = () => HasFailed,
            ["always"] = () => true,
            ["cancelled"] = () => false,
        });

    static string Architecture => RuntimeInformation.OSArchitecture.ToString().ToUpperInvariant();

    /// <summary>Parameters and jobs of whoever runs the tests are not those of this job.</summary>
    static IEnumerable<KeyValuePair<string, string?>> Inherited() =>
        Environment.GetEnvironmentVariables().Keys.Cast<string>()
            .Where(x => x.StartsWith("GITHUB_", StringComparison.Ordinal)
                || x.StartsWith("NUKE_", StringComparison.Ordinal)
                || x == "PackageSource")
            .Select(x => KeyValuePair.Create(x, (string?)null));

    /// <summary>The variables that GitHub sets (docs.github.com, "Variables reference").</summary>
    IEnumerable<KeyValuePair<string, string?>> Default(AbsolutePath outputs, AbsolutePath variables, AbsolutePath paths)
    {
        var github = (JsonObject)contexts["github"]!;
        var payload = directory / "event.json";
        File.WriteAllText(payload, github["event"]!.ToJsonString());
        return github.Where(x => x.Value is JsonValue && x.Key != "token")
            .Select(x =>
                KeyValuePair.Create($"GITHUB_{x.Key.ToUpperInvariant()}", (string?)x.Value!.GetValue<string>()))
            .Concat(new Dictionary<string, string?>
            {
                ["CI"] = "true",
                ["GITHUB_ACTIONS"] = "true",
                ["GITHUB_WORKSPACE"] = _workspace,
                ["GITHUB_EVENT_PATH"] = payload,
                ["GITHUB_OUTPUT"] = outputs,
                ["GITHUB_ENV"] = variables,
                ["GITHUB_PATH"] = paths,
                ["GITHUB_STEP_SUMMARY"] = Summary,
                ["RUNNER_OS"] = "Linux",
                ["RUNNER_ARCH"] = Architecture,
                ["RUNNER_TEMP"] = directory,
                ["RUNNER_ENVIRONMENT"] = "github-hosted",
            });
    }

    /// <summary><c>name=value</c>, or <c>name&lt;&lt;mark</c>, lines and the mark again.</summary>
    static IEnumerable<KeyValuePair<string, string>> Pairs(AbsolutePath file)
    {
        if (!File.Exists(file)) yield break;
        var lines = new Queue<string>(File.ReadAllLines(file));
        while (lines.TryDequeue(out var line))
        {
            if (line.Length == 0) continue;
            var (equals, block) = (line.IndexOf('=', StringComparison.Ordinal),
                line.IndexOf("<<", StringComparison.Ordinal));
            if (block >= 0 && (equals < 0 || block < equals))
            {
                var value = new List<string>();
                while (lines.Dequeue() is var next && next != line[(block + 2)..]) value.Add(next);
                yield return KeyValuePair.Create(line[..block], string.Join('\n', value));
            }
            else if (equals > 0) yield return KeyValuePair.Create(line[..equals], line[(equals + 1)..]);
            else throw new InvalidOperationException($"'{line}' is no output");
        }
    }
}
