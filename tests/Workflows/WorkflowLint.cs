using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenStack.Workflows;

namespace OpenStack.Tests.Workflows;

/// <summary>
/// What GitHub only finds out when a workflow runs, or never: references to jobs, steps, outputs and matrix values that
/// are not there, actions that can be moved, tokens that may do more than they must, logic in YAML, texts of strangers
/// in commands, targets and parameters that the build does not have.
/// </summary>
sealed partial class WorkflowLint(string text)
{
    static readonly string[] s_events = ["push", "pull_request", "schedule", "workflow_dispatch"];

    /// <summary>docs.github.com, "Workflow syntax", permissions.</summary>
    static readonly string[] s_permissions = ["actions", "attestations", "checks", "contents", "deployments",
        "id-token", "issues", "packages", "pages", "pull-requests", "security-events", "statuses"];

    /// <summary>
    /// The inputs of actions that are made use of: a name that an action does not know is only a warning in its log.
    /// </summary>
    static readonly Dictionary<string, string[]> s_inputs = new()
    {
        ["actions/cache/restore"] = ["path", "key", "restore-keys"],
        ["actions/cache/save"] = ["path", "key"],
        ["actions/checkout"] = ["fetch-depth", "persist-credentials", "token"],
        ["actions/download-artifact"] = ["name", "path", "pattern", "merge-multiple"],
        ["actions/setup-dotnet"] = ["global-json-file"],
        ["actions/upload-artifact"] = ["name", "path", "retention-days", "compression-level", "if-no-files-found"],
        ["sigstore/cosign-installer"] = [],
    };

    /// <summary>What the build reads from the environment beside its parameters.</summary>
    static readonly string[] s_variables = ["GITHUB_TOKEN", "PackageSource"];

    static readonly JsonObject s_schema =
        JsonNode.Parse(File.ReadAllText(RepositoryRoot.Path / ".nuke" / "build.schema.json"))!.AsObject();

    readonly List<string> _problems = [];
    readonly JsonObject _workflow = WorkflowFile.Parse(text);

    IReadOnlyDictionary<string, JsonObject> Jobs => _workflow.Jobs();

    JsonObject On => _workflow.Map("on");

    /// <summary>Names of the build's targets.</summary>
    public static IReadOnlyList<string> Targets =>
        [.. s_schema["definitions"]!["ExecutableTarget"]!["enum"]!.AsArray().Select(x => x!.GetValue<string>())];

    /// <summary>Names of the build's parameters.</summary>
    public static IReadOnlyList<string> Parameters =>
        [.. s_schema["allOf"]![0]!["properties"]!.AsObject()
            .Concat(s_schema["definitions"]!["NukeBuild"]!["properties"]!.AsObject())
            .Select(x => x.Key)];

    /// <summary>Everything that is wrong, as sentences; none where nothing is.</summary>
    public static IReadOnlyList<string> Check(string text)
    {
        var lint = new WorkflowLint(text);
        lint.CheckAll();
        return lint._problems;
    }

    void CheckAll()
    {
        CheckTriggers();
        if (_workflow.Text("name") is null) Report("it has no name");
        if (_workflow.Map("permissions") is not { Count: > 0 } permissions) Report("it does not restrict its token");
        else if (permissions.Any(x => permissions.Text(x.Key) != "read")) Report("its token may write in every job");
        CheckExpressions("concurrency", _workflow["concurrency"], ["github", "inputs", "vars"],
            new JobContext(null, [], []));
        foreach (var (name, job) in Jobs) CheckJob(name, job);
        foreach (var name in Jobs.Keys.Where(x => Jobs.Ancestors(x).Contains(x))) Report($"{name} waits for itself");
    }

    void CheckTriggers()
    {
        foreach (var name in On.Select(x => x.Key).Except(s_events)) Report($"it is triggered by {name}");
        foreach (var (name, trigger) in On)
        {
            foreach (var list in (string[])["paths", "branches", "tags"])
                if (trigger is JsonObject conditions
                    && conditions.List(list) is { Count: > 0 } patterns
                    && patterns.All(x => x.StartsWith('!')))
                    Report($"{name}.{list} has only exclusions, and so never matches");
        }

        foreach (var cron in (On["schedule"] as JsonArray ?? []).Select(x => (x as JsonObject)?.Text("cron")))
            if (cron is null || !IsCron(cron)) Report($"'{cron}' is no cron schedule");
        foreach (var (name, input) in On.Map("workflow_dispatch").Map("inputs"))
            if (input is not JsonObject choice || !choice.List("options").Contains(choice.Text("default")!))
                Report($"the input {name} has a default that nobody can choose");
    }

    void CheckJob(string name, JsonObject job)
    {
        if (!Identifier().IsMatch(name)) Report($"'{name}' cannot be the name of a job");
        if (!int.TryParse(job.Text("timeout-minutes"), out var minutes) || minutes is < 1 or > 360)
            Report($"{name} has no timeout");
        if (job.Text("runs-on") is null) Report($"{name} has no runner");
        foreach (var needed in job.List("needs").Where(x => !Jobs.ContainsKey(x)))
            Report($"{name} needs {needed}, which is not there");
        CheckPermissions(name, job);
        CheckMatrix(name, job);
        var outer = new JobContext(job, [], job["strategy"] is null ? [] : Rows(job));
        CheckExpressions($"{name}, if", job["if"], ["github", "needs", "inputs", "vars"], outer);
        CheckExpressions($"{name}, strategy", job["strategy"], ["github", "needs", "inputs", "vars"], outer);
        foreach (var key in (string[])["name", "runs-on", "concurrency"])
            CheckExpressions($"{name}, {key}", job[key],
                ["github", "needs", "strategy", "matrix", "inputs", "vars"], outer);
        CheckExpressions($"{name}, env", job["env"],
            ["github", "needs", "strategy", "matrix", "inputs", "vars", "secrets"], outer);
        CheckEnvironment(name, job.Map("env"));
        var ids = new List<string>();
        foreach (var (step, i) in job.Steps().Select((x, i) => (x, i)))
        {
            // A step sees those before it.
            var inner = outer with
            {
                Steps = [.. ids],
                IsOfThisRepository = step.Text("if")?.Contains(OfThisRepository, StringComparison.Ordinal) == true,
            };
            CheckExpressions($"{name}, steps[{i}]", step, ["github", "needs", "strategy", "matrix", "inputs", "vars",
                "secrets", "steps", "env", "job", "runner"], inner);
            CheckStep(name, step);
            if (step.Text("id") is not { } id) continue;
            if (ids.Contains(id)) Report($"{name} has two steps with the id {id}");
            ids.Add(id);
        }

        CheckExpressions($"{name}, outputs", job["outputs"],
            ["github", "needs", "strategy", "matrix", "inputs", "vars", "secrets", "steps", "env", "job", "runner"],
            outer with { Steps = ids });
    }

    /// <summary>Whoever opens a pull request decides what its jobs run.</summary>
    void CheckPermissions(string name, JsonObject job)
    {
        var permissions = job.Map("permissions");
        if (permissions.Count == 0) Report($"{name} does not say what its token may be used for");
        foreach (var (permission, _) in permissions)
            if (!s_permissions.Contains(permission) || permissions.Text(permission) is not ("read" or "write"))
                Report($"{name}: {permission}: {permissions.Text(permission)} is no permission");
        if (!On.ContainsKey("pull_request") || permissions.All(x => permissions.Text(x.Key) == "read")) return;
        if (!Jobs.Ancestors(name)
            .Append(name)
            .Any(x => Jobs.TryGetValue(x, out var other)
                && other.Text("if")?.Contains("github.event_name != 'pull_request'", StringComparison.Ordinal) == true))
            Report($"{name} lets the token of a pull request write");
    }

    /// <summary>GitHub fails a run whose matrix is empty.</summary>
    void CheckMatrix(string name, JsonObject job)
    {
        if (job["strategy"] is not JsonObject strategy) return;
        if (strategy.Text("matrix") is not { } matrix
            || Matrix().Match(matrix) is not { Success: true, Groups: var groups })
            Report($"{name} has a matrix that no job gives");
        else if (job.Text("if")?.Contains($"{groups["output"].Value} != ''", StringComparison.Ordinal) != true)
            Report($"{name} runs with a matrix that may be empty");
    }

    const string OfThisRepository = "github.event.pull_request.head.repo.full_name == github.repository";

    void CheckStep(string job, JsonObject step)
    {
        var (uses, run) = (step.Text("uses"), step.Text("run"));
        if (uses is null == run is null) Report($"{job} has a step that neither uses nor runs anything");
        if (uses is not null) CheckAction(job, uses, step.Map("with"));
        if (run is null) return;
        if (run == NetworkStep.Script)
        {
            if (step.Text("if")?.Contains(OfThisRepository, StringComparison.Ordinal) != true)
                Report($"{job} lets what comes from a fork out of the network");
            return;
        }

        CheckEnvironment(job, step.Map("env"));
        if (run.Split(' ') is not [TargetStep.Script, .. var words] || words.Length == 0)
            Report($"{job} runs '{run}', which is no target of the build");
        else
            foreach (var word in words.Where(x => x.StartsWith("--", StringComparison.Ordinal)
                ? !IsParameter(x[2..])
                : !Targets.Contains(x)))
                Report($"{job} runs '{run}', but the build does not know {word}");
    }

    void CheckAction(string job, string uses, JsonObject with)
    {
        if (!Pinned().IsMatch(uses)) Report($"{job} uses {uses}, which can become something else");
        if (!text.Contains($"{uses} # v", StringComparison.Ordinal))
            Report($"{job} uses {uses} without saying which version that is");
        var name = uses.Split('@')[0];
        if (!s_inputs.TryGetValue(name, out var inputs)) Report($"{job} uses {name}, whose inputs are not known here");
        else
            foreach (var (input, _) in with.Where(x => !inputs.Contains(x.Key)))
                Report($"{job} gives {name} the input {input}");
    }

    void CheckEnvironment(string job, JsonObject environment)
    {
        foreach (var (name, _) in environment)
            if (!s_variables.Contains(name)
                && !(name.StartsWith("NUKE_", StringComparison.Ordinal) && IsParameter(name["NUKE_".Length..])))
                Report($"{job} sets {name}, which the build does not read");
    }

    static bool IsParameter(string name) => Parameters.Contains(name.Replace("-", "", StringComparison.Ordinal)
        .Replace("_", "", StringComparison.Ordinal), StringComparer.OrdinalIgnoreCase);

    /// <summary>The keys of the rows that a matrix has.</summary>
    static IReadOnlyList<string> Rows(JsonObject job)
    {
        var outputs = BuildMatrix.Outputs([("service", "release")], [new ImageSet("release", [], [])],
            [new BuildPlatform("linux/amd64", "runner")], (_, _) => true);
        var output = Matrix().Match(job.Map("strategy").Text("matrix") ?? "").Groups["output"].Value.Split('.')[^1];
        return outputs.TryGetValue(Number().Replace(output, "-1"), out var matrix)
            ? [.. JsonNode.Parse(matrix)!["include"]![0]!.AsObject().Select(x => x.Key)]
            : [];
    }

    static bool IsCron(string cron)
    {
        (int Least, int Most)[] ranges = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 6)];
        var fields = cron.Split(' ');
        return fields.Length == ranges.Length && fields.Zip(ranges)
            .All(x => Cron().IsMatch(x.First)
                && Number()
                    .Matches($"-{x.First.Split('/')[0].Replace(',', '-')}")
                    .All(y => int.Parse(y.Value[1..]) >= x.Second.Least && int.Parse(y.Value[1..]) <= x.Second.Most));
    }

    void Report(string problem) => _problems.Add(problem);

    [GeneratedRegex(@"^\$\{\{ fromJSON\((?<output>needs\.[\w-]+\.outputs\.[\w-]+)\) \}\}\z")]
    private static partial Regex Matrix();

    [GeneratedRegex(@"^[\w.-]+/[\w./-]+@[0-9a-f]{40}\z")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"^[A-Za-z_][\w-]*\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^(\*|[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)(/[0-9]+)?\z")]
    private static partial Regex Cron();

    [GeneratedRegex(@"-[0-9]+")]
    private static partial Regex Number();
}
