using Nuke.Common.CI.GitHubActions.Configuration;
using Nuke.Common.Utilities;

namespace OpenStack.Workflows;

/// <summary>A job with permissions of its own.</summary>
public sealed class WorkflowJob : GitHubActionsJob
{
    /// <summary>As it is shown.</summary>
    public required string Title { get; init; }

    /// <summary>Label of the runner.</summary>
    public required string RunsOn { get; init; }

    /// <summary>What its token may be used for, and nothing else.</summary>
    public required IReadOnlyList<(string Key, string Value)> JobPermissions { get; init; }

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine($"{Name}:");
        using (writer.Indent())
        {
            writer.WriteLine($"name: {Title}");
            writer.WriteLine($"runs-on: {RunsOn}");
            writer.WriteLine($"timeout-minutes: {TimeoutMinutes}");
            writer.WriteMap("permissions", JobPermissions);
            writer.WriteLine("steps:");
            using (writer.Indent())
            {
                foreach (var step in Steps) step.Write(writer);
            }
        }
    }
}
