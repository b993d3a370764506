using System.Text.Json.Nodes;
using Nuke.Common.IO;

namespace OpenStack.Tests.Workflows;

/// <summary>
/// Runs a workflow here: its jobs in their order, each in a workspace of its own, with the commands that it has.
/// Artifacts, outputs and summaries go the way they go at GitHub; checking out is left to the test, and what installs
/// programs or keeps caches does nothing.
/// </summary>
/// <param name="yaml">The workflow.</param>
/// <param name="trigger">What starts it.</param>
/// <param name="directory">Where workspaces and artifacts are made.</param>
/// <param name="checkOut">Fills an empty directory with the repository as a job has it.</param>
sealed class WorkflowRun(string yaml, WorkflowEvent trigger, AbsolutePath directory, Func<AbsolutePath, Task> checkOut)
{
    /// <summary>The most rows of a matrix (docs.github.com, "Running variations of jobs in a workflow").</summary>
    const int MatrixLimit = 256;

    static readonly string[] s_jobKeys = ["name", "needs", "if", "runs-on", "timeout-minutes", "permissions",
        "concurrency", "strategy", "outputs", "env", "steps"];

    readonly JsonObject _workflow = WorkflowFile.Parse(yaml);
    readonly List<JobResult> _results = [];

    /// <summary>
    /// What is in the environment of each command whatever the workflow says; <c>null</c> takes a variable away.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>The secrets of the repository, and <c>github.token</c>, which is called <c>GITHUB_TOKEN</c>.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    /// <summary>The variables of the repository's settings.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Called for each line that a command writes.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>Whether a workspace is removed when its job is done: images take room.</summary>
    public bool RemovesWorkspaces { get; init; } = true;

    public WorkflowArtifacts Artifacts { get; } = new(directory / "artifacts");

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="NotSupportedException">It has something that is not known here.</exception>
    /// <exception cref="InvalidOperationException">
    /// It is not started by this event, or GitHub would not take it.
    /// </exception>
    public async Task<WorkflowResult> RunAsync()
    {
        RequireTrigger();
        var jobs = _workflow.Jobs();
        var open = jobs.Keys.ToList();
        while (open.Find(x => jobs[x].List("needs").All(y => !open.Contains(y))) is { } next)
        {
            open.Remove(next);
            await RunAsync(next, jobs[next], jobs.Ancestors(next));
        }

        if (open.Count > 0)
            throw new InvalidOperationException("these wait for each other, or for what is not there: "
                + $"{string.Join(", ", open)}");
        return new WorkflowResult(_results);
    }

    async Task RunAsync(string name, JsonObject job, IReadOnlySet<string> ancestors)
    {
        if (job.FirstOrDefault(x => !s_jobKeys.Contains(x.Key)) is { Key: { } unknown })
            throw new NotSupportedException($"{name}: {unknown}");
        var contexts = Contexts(job, name);
        var sofar = new WorkflowResult(_results);
        // A job that comes long before counts too, even if one between has got over it.
        var value = new ExpressionValue(contexts, new Dictionary<string, Func<bool>>
        {
            ["success"] = () => ancestors.All(x => sofar.OutcomeOf(x) == Outcome.Success),
            ["failure"] = () => ancestors.Any(x => sofar.OutcomeOf(x) == Outcome.Failure),
            ["always"] = () => true,
            ["cancelled"] = () => false,
        });
        if (!value.Condition(job.Text("if")))
        {
            _results.Add(new JobResult(name, name, [], Outcome.Skipped, new Dictionary<string, string>(), [], ""));
            return;
        }

        foreach (var row in Rows(name, job, value))
        {
            contexts["matrix"] = row;
            _results.Add(await new WorkflowJobRun(name, job, contexts, row,
                directory / "jobs" / $"{_results.Count:000}-{name}", this).RunAsync());
        }
    }

    /// <summary>The rows of a job's matrix; one empty one where it has none.</summary>
    static IReadOnlyList<JsonObject> Rows(string name, JsonObject job, ExpressionValue value)
    {
        if (job["strategy"] is not JsonObject strategy) return [[]];
        var matrix = strategy["matrix"] is JsonValue text
            ? value.Value(text.GetValue<string>()) as JsonObject
            : strategy["matrix"] as JsonObject;
        if (matrix is not { Count: 1 } || matrix["include"] is not JsonArray { Count: > 0 } rows)
            throw new NotSupportedException($"{name}: a matrix of {matrix?.ToJsonString() ?? "nothing"}");
        if (rows.Count > MatrixLimit) throw new InvalidOperationException($"{name}: the matrix has {rows.Count} rows");
        return [.. rows.Select(x => (JsonObject)x!.DeepClone())];
    }

    /// <summary>The contexts that a job has, before its steps have run.</summary>
    Dictionary<string, JsonNode?> Contexts(JsonObject job, string name)
    {
        var sofar = new WorkflowResult(_results);
        var inputs = new JsonObject(trigger.Name != "workflow_dispatch"
            ? []
            : _workflow.Map("on").Map("workflow_dispatch").Map("inputs")
                .Select(x => KeyValuePair.Create(x.Key,
                    (JsonNode?)(trigger.Inputs.GetValueOrDefault(x.Key) ?? ((JsonObject)x.Value!).Text("default")))));
        return new Dictionary<string, JsonNode?>(StringComparer.OrdinalIgnoreCase)
        {
            ["github"] = GitHub(name),
            ["inputs"] = inputs,
            ["secrets"] = Objects(Secrets),
            ["vars"] = Objects(Variables),
            ["matrix"] = new JsonObject(),
            ["needs"] = new JsonObject(job.List("needs").Select(x => KeyValuePair.Create(x, (JsonNode?)new JsonObject
            {
                ["result"] = sofar.OutcomeOf(x).ToString().ToLowerInvariant(),
                ["outputs"] = Objects(sofar.Of(x)
                    .SelectMany(y => y.Outputs)
                    .Where(y => y.Value.Length > 0)
                    .GroupBy(y => y.Key)
                    .Select(y => y.Last())),
            }))),
        };
    }

    JsonObject GitHub(string job) => new()
    {
        ["event_name"] = trigger.Name,
        ["event"] = trigger.Payload.DeepClone(),
        ["ref"] = trigger.Ref,
        ["ref_name"] = RefName,
        ["ref_type"] = "branch",
        ["sha"] = trigger.Sha,
        ["repository"] = trigger.Repository,
        ["repository_owner"] = trigger.Repository.Split('/')[0],
        ["actor"] = trigger.Repository.Split('/')[0],
        ["workflow"] = _workflow.Text("name"),
        ["workflow_ref"] = $"{trigger.Repository}/.github/workflows/{_workflow.Text("name")}.yml@{trigger.Ref}",
        ["run_id"] = trigger.RunId,
        ["run_attempt"] = "1",
        ["server_url"] = "https://github.com",
        ["api_url"] = "https://api.github.com",
        ["job"] = job,
        ["token"] = Secrets.GetValueOrDefault("GITHUB_TOKEN", ""),
    };

    string RefName => trigger.Ref.Split('/', 3)[2];

    void RequireTrigger()
    {
        var on = _workflow["on"] is JsonObject detailed
            ? detailed
            : new JsonObject(_workflow.List("on").Select(x => KeyValuePair.Create(x, (JsonNode?)null)));
        if (!on.ContainsKey(trigger.Name)) throw new InvalidOperationException($"{trigger.Name} does not start it");
        var branches = on.Map(trigger.Name).List("branches");
        if (trigger.Name == "push"
            && branches.Count > 0
            && !branches.Any(x => WorkflowArtifacts.Glob(x).IsMatch(RefName)))
            throw new InvalidOperationException($"a push to {RefName} does not start it");
    }

    internal Task CheckOutAsync(AbsolutePath workspace) => checkOut(workspace);

    static JsonObject Objects(IEnumerable<KeyValuePair<string, string>> texts) =>
        new(texts.Select(x => KeyValuePair.Create(x.Key, (JsonNode?)x.Value)));
}
