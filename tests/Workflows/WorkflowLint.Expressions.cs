using System.Text.Json.Nodes;

namespace OpenStack.Tests.Workflows;

/// <summary>What the expressions of a workflow refer to.</summary>
sealed partial class WorkflowLint
{
    /// <summary>Of <c>github</c>, what is used here (docs.github.com, "Contexts reference").</summary>
    static readonly string[] s_github =
    [
        "actor", "api_url", "base_ref", "event", "event_name", "head_ref", "ref", "ref_name", "repository",
        "repository_owner", "run_attempt", "run_id", "server_url", "sha", "token", "workflow", "workflow_ref",
    ];

    /// <summary>
    /// Contexts in which anybody may write what they like (securitylab.github.com, "Untrusted input").
    /// </summary>
    static readonly string[] s_untrusted =
    [
        "github.event.issue", "github.event.comment", "github.event.review", "github.event.pages",
        "github.event.commits", "github.event.head_commit", "github.event.pull_request.title",
        "github.event.pull_request.body", "github.event.pull_request.head.ref", "github.event.pull_request.head.label",
        "github.head_ref",
    ];

    /// <summary>What is there for an expression to refer to.</summary>
    /// <param name="Job">The job that it is in; null outside of jobs.</param>
    /// <param name="Steps">Ids of the steps before it.</param>
    /// <param name="Columns">What the rows of the matrix have.</param>
    sealed record JobContext(JsonObject? Job, IReadOnlyList<string> Steps, IReadOnlyList<string> Columns)
    {
        /// <summary>Whether nothing of it runs for what comes from a fork.</summary>
        public bool IsOfThisRepository { get; init; }
    }

    void CheckExpressions(string at, JsonNode? node, string[] contexts, JobContext there)
    {
        switch (node)
        {
            case JsonObject map:
                foreach (var (key, value) in map)
                {
                    CheckExpressions($"{at}.{key}", value, contexts, there);
                    // A shell would read what comes of it.
                    if (key == "run" && value?.GetValue<string>().Contains("${{", StringComparison.Ordinal) == true)
                        Report($"{at}: an expression in a command");
                }

                break;
            case JsonArray list:
                foreach (var item in list) CheckExpressions(at, item, contexts, there);
                break;
            case JsonValue value:
                var text = value.GetValue<string>();
                var found = ExpressionValue.Braces().Matches(text).Select(x => x.Groups["text"].Value).ToList();
                if (text.Split("${{").Length - 1 != found.Count)
                    Report($"{at}: an expression in '{text}' does not end");
                foreach (var expression in found) CheckExpression(at, expression, contexts, there);
                break;
        }
    }

    void CheckExpression(string at, string text, string[] contexts, JobContext there)
    {
        WorkflowExpression parsed;
        try
        {
            parsed = WorkflowExpression.Parse(text);
        }
        catch (FormatException e)
        {
            Report($"{at}: {e.Message}");
            return;
        }

        foreach (var call in parsed.All.OfType<WorkflowExpression.Call>())
        {
            if (ExpressionValue.PlainFunctions.Contains(call.Function)) continue;
            if (!ExpressionValue.StateFunctions.Contains(call.Function))
                Report($"{at}: there is no function {call.Function}");
            else if (!at.EndsWith("if", StringComparison.Ordinal)) Report($"{at}: {call.Function}() is for conditions");
        }

        foreach (var context in parsed.All.OfType<WorkflowExpression.Context>().Where(x => !contexts.Contains(x.Name)))
            Report($"{at}: there is no {context.Name} here");
        foreach (var path in parsed.All.Select(x => x.Path).OfType<IReadOnlyList<string>>()) CheckPath(at, path, there);
    }

    /// <summary>The whole of a path, and each of its beginnings, come here.</summary>
    void CheckPath(string at, IReadOnlyList<string> path, JobContext there)
    {
        var shown = string.Join('.', path);
        if (s_untrusted.Contains(shown)) Report($"{at}: in {shown} anybody may write anything");
        switch (path)
        {
            case ["github", var name] when !s_github.Contains(name):
                Report($"{at}: there is no {shown}");
                break;
            case ["inputs", var name] when !On.Map("workflow_dispatch").Map("inputs").ContainsKey(name):
                Report($"{at}: there is no input {name}");
                break;
            case ["matrix", var name] when !there.Columns.Contains(name):
                Report($"{at}: no matrix gives {name}");
                break;
            case ["secrets", _] when On.ContainsKey("pull_request") && !there.IsOfThisRepository:
                Report($"{at}: secrets in a workflow that strangers start");
                break;
            case ["steps", var id] when !there.Steps.Contains(id):
                Report($"{at}: no step before has the id {id}");
                break;
            case ["steps", _, var part] when part is not ("outputs" or "outcome" or "conclusion"):
                Report($"{at}: steps have no {part}");
                break;
            case ["needs", var job] when there.Job?.List("needs").Contains(job) != true:
                Report($"{at}: {shown}, but it does not need that job");
                break;
            case ["needs", _, var part] when part is not ("outputs" or "result"):
                Report($"{at}: jobs have no {part}");
                break;
            case ["needs", var job, "outputs", var output] when Jobs.TryGetValue(job, out var other)
                && !other.Map("outputs").ContainsKey(output):
                Report($"{at}: {job} has no output {output}");
                break;
        }
    }
}
