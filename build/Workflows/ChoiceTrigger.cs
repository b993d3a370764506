using Nuke.Common.CI.GitHubActions.Configuration;
using Nuke.Common.Utilities;

namespace OpenStack.Workflows;

/// <summary>Somebody who starts the workflow, and chooses from lists where there are any.</summary>
public sealed class ChoiceTrigger : GitHubActionsDetailedTrigger
{
    /// <summary>What can be chosen: name, description and the values, the first of which is the default.</summary>
    public IReadOnlyList<(string Name, string Description, IReadOnlyList<string> Options)> Choices { get; init; } = [];

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine("workflow_dispatch:");
        if (Choices.Count == 0) return;
        using (writer.Indent())
        {
            writer.WriteLine("inputs:");
            using (writer.Indent())
            {
                foreach (var choice in Choices) Write(writer, choice);
            }
        }
    }

    static void Write(CustomFileWriter writer, (string Name, string Description, IReadOnlyList<string> Options) choice)
    {
        writer.WriteLine($"{choice.Name}:");
        using (writer.Indent())
        {
            writer.WriteLine($"description: {choice.Description}");
            writer.WriteLine("type: choice");
            writer.WriteLine($"default: '{choice.Options[0]}'");
            writer.WriteLine("options:");
            using (writer.Indent())
            {
                foreach (var option in choice.Options) writer.WriteLine($"- '{option}'");
            }
        }
    }
}
