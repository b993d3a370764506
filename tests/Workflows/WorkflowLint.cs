using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace OpenStack.Tests.Workflows;

/// <summary>
/// What GitHub only finds out when a workflow runs, or never: references to jobs, steps, outputs and matrix values that are not there, actions
/// that can be moved, tokens that may do more than they must, logic in YAML, texts of strangers in commands.
/// </summary>
sealed partial class WorkflowLint(string text)
{
    static readonly string[] s_events = ["push", "pull_request", "schedule", "workflow_dispatch", "workflow_call"];

    /// <summary>Contexts in which anybody may write what they like (securitylab.github.com, "Untrusted input").</summary>
    static readonly string[] s_untrusted = ["github.event.issue", "github.event.comment", "github.event.review", "github.event.pages", "github.event.commits", "github.event.head_commit", "github.event.pull_request.title", "github.event.pull_request.body", "github.event.pull_request.head.ref", "github.event.pull_request.head.label", "github.head_ref"];

    readonly List<string> _problems = [];
    readonly Dictionary<string, YamlMappingNode> _jobs = [];
    bool _strangers;

    /// <summary>Everything that is wrong, as sentences; none where nothing is.</summary>
    public static IReadOnlyList<string> Check(string text)
    {
        var lint = new WorkflowLint(text);
        lint.CheckAll();
        return lint._problems;
    }

    void CheckAll()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        CheckTriggers(root);
        if (Text(root, "name") is null) Report("it has no name");
        if (Map(root, "permissions") is not { } permissions) Report("it does not restrict its token");
        else if (permissions.Children.Any(x => x.Value.ToString() != "read")) Report("its token may write in every job");
        foreach (var (name, job) in Map(root, "jobs")!.Children) _jobs[name.ToString()] = (YamlMappingNode)job;
        foreach (var (name, job) in _jobs) CheckJob(name, job);
        foreach (var name in _jobs.Keys.Where(x => Ancestors(x).Contains(x))) Report($"{name} waits for itself");
    }

    void CheckTriggers(YamlMappingNode root)
    {
        var triggers = root.Children[new YamlScalarNode("on")];
        var names = triggers is YamlMappingNode map ? map.Children.Keys.Select(x => x.ToString()) : ((YamlSequenceNode)triggers).Select(x => x.ToString());
        _strangers = names.Contains("pull_request");
        foreach (var name in names.Except(s_events)) Report($"it is triggered by {name}");
        if (triggers is not YamlMappingNode detailed) return;
        foreach (var (name, trigger) in detailed.Children)
        {
            if (trigger is not YamlMappingNode conditions) continue;
            foreach (var list in (string[])["paths", "branches", "tags"])
                if (List(conditions, list) is { Count: > 0 } patterns && patterns.All(x => x.StartsWith('!'))) Report($"{name}.{list} has only exclusions, and so never matches");
        }

        foreach (var cron in detailed.Children.Where(x => x.Key.ToString() == "schedule").SelectMany(x => (YamlSequenceNode)x.Value).Select(x => Text((YamlMappingNode)x, "cron")))
            if (cron is null || !Cron().IsMatch(cron)) Report($"'{cron}' is no cron schedule");
    }

    void CheckJob(string name, YamlMappingNode job)
    {
        if (!Identifier().IsMatch(name)) Report($"'{name}' cannot be the name of a job");
        if (!int.TryParse(Text(job, "timeout-minutes"), out var minutes) || minutes is < 1 or > 360) Report($"{name} has no timeout");
        if (Map(job, "permissions") is null) Report($"{name} does not say what its token may be used for");
        if (Text(job, "runs-on") is null) Report($"{name} has no runner");
        foreach (var needed in List(job, "needs").Where(x => !_jobs.ContainsKey(x))) Report($"{name} needs {needed}, which is not there");
        var steps = ((YamlSequenceNode)job.Children[new YamlScalarNode("steps")]).Cast<YamlMappingNode>().ToList();
        var ids = steps.Select(x => Text(x, "id")).OfType<string>().ToList();
        if (ids.Distinct().Count() != ids.Count) Report($"{name} has two steps of one id");
        foreach (var step in steps) CheckStep(name, step);
        foreach (var (place, expression) in Expressions(job))
        {
            var at = $"{name}, {place}";
            if (Count(expression, '(') != Count(expression, ')') || Count(expression, '\'') % 2 != 0) Report($"{at}: {expression} is not balanced");
            foreach (Match x in NeedsOutput().Matches(expression)) CheckOutput(at, job, x);
            foreach (Match x in NeedsResult().Matches(expression))
                if (!List(job, "needs").Contains(x.Groups["job"].Value)) Report($"{at}: {x.Value}, but it does not need that job");
            foreach (Match x in StepOutput().Matches(expression))
                if (!ids.Contains(x.Groups["step"].Value)) Report($"{at}: {x.Value}, but no step has that id");
            if (expression.Contains("matrix.", StringComparison.Ordinal) && Map(job, "strategy") is null) Report($"{at}: {expression}, but it has no matrix");
            if (expression.Contains("secrets.", StringComparison.Ordinal) && _strangers) Report($"{at}: secrets in a job that strangers start");
        }
    }

    void CheckStep(string job, YamlMappingNode step)
    {
        var (uses, run) = (Text(step, "uses"), Text(step, "run"));
        if (uses is null == run is null) Report($"{job} has a step that neither uses nor runs anything");
        if (uses is not null && !Pinned().IsMatch(uses)) Report($"{job} uses {uses}, which can become something else");
        if (uses is not null && !text.Contains($"{uses} # v", StringComparison.Ordinal)) Report($"{job} uses {uses} without saying which version that is");
        if (run is null) return;
        if (!Command().IsMatch(run)) Report($"{job} runs '{run}', which is no target of the build");
        foreach (var stranger in s_untrusted.Where(x => text.Contains(x, StringComparison.Ordinal))) Report($"{job} reads {stranger}, in which anybody may write anything");
    }

    void CheckOutput(string at, YamlMappingNode job, Match reference)
    {
        var (needed, output) = (reference.Groups["job"].Value, reference.Groups["output"].Value);
        if (!List(job, "needs").Contains(needed)) Report($"{at}: {reference.Value}, but it does not need {needed}");
        else if (_jobs.TryGetValue(needed, out var other) && Map(other, "outputs")?.Children.ContainsKey(new YamlScalarNode(output)) != true) Report($"{at}: {reference.Value}, but {needed} has no such output");
    }

    HashSet<string> Ancestors(string name)
    {
        var found = new HashSet<string>();
        var open = new Queue<string>(_jobs.TryGetValue(name, out var job) ? List(job, "needs") : []);
        while (open.TryDequeue(out var next))
            if (found.Add(next) && _jobs.TryGetValue(next, out var other))
                foreach (var x in List(other, "needs")) open.Enqueue(x);
        return found;
    }

    /// <summary>Every expression below a node, and where it stands; an <c>if</c> is one without its braces, too.</summary>
    static IEnumerable<(string Place, string Expression)> Expressions(YamlNode node, string place = "")
    {
        switch (node)
        {
            case YamlMappingNode map:
                foreach (var (key, value) in map.Children)
                    foreach (var found in Expressions(value, $"{place}.{key}".TrimStart('.'))) yield return found;
                break;
            case YamlSequenceNode list:
                foreach (var (value, i) in list.Select((x, i) => (x, i)))
                    foreach (var found in Expressions(value, $"{place}[{i}]")) yield return found;
                break;
            case YamlScalarNode scalar:
                foreach (Match x in Braces().Matches(scalar.Value ?? "")) yield return (place, x.Groups["text"].Value);
                break;
        }
    }

    void Report(string problem) => _problems.Add(problem);

    static int Count(string text, char c) => text.Count(x => x == c);

    static string? Text(YamlMappingNode map, string name) => map.Children.TryGetValue(new YamlScalarNode(name), out var value) && value is YamlScalarNode scalar ? scalar.Value : null;

    static YamlMappingNode? Map(YamlMappingNode map, string name) => map.Children.TryGetValue(new YamlScalarNode(name), out var value) ? value as YamlMappingNode : null;

    static List<string> List(YamlMappingNode map, string name) => !map.Children.TryGetValue(new YamlScalarNode(name), out var value) ? []
        : value is YamlSequenceNode list ? [.. list.Select(x => x.ToString())] : [value.ToString()];

    [GeneratedRegex(@"\$\{\{(?<text>.*?)\}\}", RegexOptions.Singleline)]
    private static partial Regex Braces();

    [GeneratedRegex(@"needs\.(?<job>[\w-]+)\.outputs\.(?<output>[\w-]+)")]
    private static partial Regex NeedsOutput();

    [GeneratedRegex(@"needs\.(?<job>[\w-]+)\.result")]
    private static partial Regex NeedsResult();

    [GeneratedRegex(@"steps\.(?<step>[\w-]+)\.outputs")]
    private static partial Regex StepOutput();

    [GeneratedRegex(@"^[\w.-]+/[\w./-]+@[0-9a-f]{40}\z")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"^\./build\.cmd( (--)?[A-Za-z][A-Za-z0-9-]*)+\z")]
    private static partial Regex Command();

    [GeneratedRegex(@"^[A-Za-z_][\w-]*\z")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^([0-9*/,-]+ ){4}[0-9*/,-]+\z")]
    private static partial Regex Cron();
}
