using System.Globalization;
using System.Text.Json;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using Nuke.Common.Utilities;

namespace Nuke.Common.CI.GitHubActions;

/// <summary>A runner of GitHub Actions; its properties are the variables that GitHub sets.</summary>
public class GitHubActions : Host, IBuildServer
{
    internal GitHubActions()
    {
    }

    /// <summary>Null on other hosts.</summary>
    public static GitHubActions Instance => NukeBuild.Host as GitHubActions;

    public string Home => EnvironmentInfo.GetVariable("HOME");
    public string Workflow => EnvironmentInfo.GetVariable("GITHUB_WORKFLOW");
    public string Action => EnvironmentInfo.GetVariable("GITHUB_ACTION");
    public string Actor => EnvironmentInfo.GetVariable("GITHUB_ACTOR");
    public string Repository => EnvironmentInfo.GetVariable("GITHUB_REPOSITORY");
    public string RepositoryOwner => EnvironmentInfo.GetVariable("GITHUB_REPOSITORY_OWNER");
    public string EventName => EnvironmentInfo.GetVariable("GITHUB_EVENT_NAME");
    public string EventPath => EnvironmentInfo.GetVariable("GITHUB_EVENT_PATH");
    public string Workspace => EnvironmentInfo.GetVariable("GITHUB_WORKSPACE");
    public string Sha => EnvironmentInfo.GetVariable("GITHUB_SHA");
    public string Ref => EnvironmentInfo.GetVariable("GITHUB_REF");
    public string RefName => EnvironmentInfo.GetVariable("GITHUB_REF_NAME");
    public string HeadRef => EnvironmentInfo.GetVariable("GITHUB_HEAD_REF");
    public string BaseRef => EnvironmentInfo.GetVariable("GITHUB_BASE_REF");
    public string RefType => EnvironmentInfo.GetVariable("GITHUB_REF_TYPE");
    public long RunAttempt => EnvironmentInfo.GetVariable<long>("GITHUB_RUN_ATTEMPT");
    public long RunNumber => EnvironmentInfo.GetVariable<long>("GITHUB_RUN_NUMBER");
    public long RunId => EnvironmentInfo.GetVariable<long>("GITHUB_RUN_ID");
    public string ServerUrl => EnvironmentInfo.GetVariable("GITHUB_SERVER_URL");
    public string Job => EnvironmentInfo.GetVariable("GITHUB_JOB");
    public string Token => EnvironmentInfo.GetVariable("GITHUB_TOKEN");
    public AbsolutePath StepSummaryFile => EnvironmentInfo.GetVariable("GITHUB_STEP_SUMMARY");
    public bool IsPullRequest => EventName == "pull_request";
    public int? PullRequestNumber => Event.TryGetProperty("number", out var number) ? number.GetInt32() : null;
    public string PullRequestAction => Event.TryGetProperty("action", out var action) ? action.GetString() : null;

    string IBuildServer.Branch => Ref;
    string IBuildServer.Commit => Sha;

    internal static bool IsRunning => EnvironmentInfo.HasVariable("GITHUB_ACTIONS");
    internal override HostTheme Theme => HostTheme.Ansi;
    internal override bool CollapsesBlocks => true;

    JsonElement Event => field.ValueKind == JsonValueKind.Undefined ? field = JsonDocument.Parse(File.ReadAllText(EventPath)).RootElement : field;

    public void Group(string group) => WriteCommand("group", group);

    public void EndGroup(string group) => WriteCommand("endgroup", group);

    public void WriteDebug(string message) => WriteCommand("debug", message);

    public void WriteWarning(string message) => WriteCommand("warning", message);

    public void WriteError(string message) => WriteCommand("error", message);

    /// <summary>A workflow command: <c>::command name=value::message</c></summary>
    public void WriteCommand(string command, string message = null, Configure<Dictionary<string, object>> dictionaryConfigurator = null)
    {
        var properties = dictionaryConfigurator?.Invoke([]) ?? [];
        var list = string.Join(", ", properties.Select(x => $"{x.Key}={EscapeProperty(Convert.ToString(x.Value, CultureInfo.InvariantCulture))}"));
        Console.WriteLine($"::{command}{(list.Length > 0 ? " " : "")}{list}::{Escape(message)}");
    }

    protected internal override IDisposable WriteBlock(string text)
    {
        Group(text);
        return new Disposable(() => EndGroup(text));
    }

    protected internal override void ReportWarning(string text, string details = null) => WriteWarning(text);

    protected internal override void ReportError(string text, string details = null) => WriteError(text);

    protected internal override bool FilterMessage(string message)
    {
        if (!message.StartsWith("::", StringComparison.Ordinal) && !message.StartsWith("##[", StringComparison.Ordinal))
            return false;
        Console.WriteLine(message);
        return true;
    }

    static string Escape(string text) => text?
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal)
        .Replace("\n", "%0A", StringComparison.Ordinal);

    static string EscapeProperty(string text) => Escape(text)
        .Replace(":", "%3A", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal);
}
