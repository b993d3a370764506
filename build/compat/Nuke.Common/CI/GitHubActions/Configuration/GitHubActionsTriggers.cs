using Nuke.Common.Tooling;
using Nuke.Common.Utilities;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.CI.GitHubActions.Configuration;

/// <summary>A trigger with conditions.</summary>
public abstract class GitHubActionsDetailedTrigger : ConfigurationEntity;

/// <summary>A push or pull request of certain branches, tags or paths.</summary>
public class GitHubActionsVcsTrigger : GitHubActionsDetailedTrigger
{
    public GitHubActionsTrigger Kind { get; set; }
    public string[] Branches { get; set; }
    public string[] BranchesIgnore { get; set; }
    public string[] Tags { get; set; }
    public string[] TagsIgnore { get; set; }
    public string[] IncludePaths { get; set; }
    public string[] ExcludePaths { get; set; }

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine($"{Kind.GetValue()}:");
        using (writer.Indent())
        {
            WriteList(writer, "branches", Branches);
            WriteList(writer, "branches-ignore", BranchesIgnore);
            WriteList(writer, "tags", Tags);
            WriteList(writer, "tags-ignore", TagsIgnore);
            WriteList(writer, "paths", [.. IncludePaths, .. ExcludePaths.Select(x => $"!{x}")]);
        }
    }

    static void WriteList(CustomFileWriter writer, string name, string[] values)
    {
        if (values.Length == 0)
            return;
        writer.WriteLine($"{name}:");
        using (writer.Indent())
        {
            foreach (var value in values)
                writer.WriteLine($"- {value.SingleQuoteIfNeeded('.', '*', '!', '?', '+', '[', ']', '(', ')')}");
        }
    }
}

/// <summary>A point in time.</summary>
public class GitHubActionsScheduledTrigger : GitHubActionsDetailedTrigger
{
    public string Cron { get; set; }

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine("schedule:");
        using (writer.Indent())
            writer.WriteLine($"- cron: '{Cron}'");
    }
}

/// <summary>Somebody who fills in a form.</summary>
public class GitHubActionsWorkflowDispatchTrigger : GitHubActionsDetailedTrigger
{
    public string[] OptionalInputs { get; set; }
    public string[] RequiredInputs { get; set; }

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine("workflow_dispatch:");
        using (writer.Indent())
        {
            writer.WriteLine("inputs:");
            using (writer.Indent())
            {
                foreach (var input in OptionalInputs)
                    WriteInput(writer, input, "false");
                foreach (var input in RequiredInputs)
                    WriteInput(writer, input, "true");
            }
        }
    }

    static void WriteInput(CustomFileWriter writer, string name, string isRequired)
    {
        writer.WriteLine($"{name}:");
        using (writer.Indent())
        {
            writer.WriteLine($"description: {Parameters.WordsOf(name, ' ').DoubleQuote()}");
            writer.WriteLine($"required: {isRequired}");
        }
    }
}
