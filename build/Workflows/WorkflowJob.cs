using Nuke.Common.CI.GitHubActions.Configuration;
using Nuke.Common.Utilities;

namespace OpenStack.Workflows;

/// <summary>
/// A job that waits for others, has permissions and outputs of its own, and runs once per row of a matrix.
/// </summary>
public sealed class WorkflowJob : GitHubActionsJob
{
    /// <summary>As it is shown.</summary>
    public required string Title { get; init; }

    /// <summary>Label of the runner, or an expression.</summary>
    public required string RunsOn { get; init; }

    /// <summary>Names of the jobs that come before.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    /// <summary>Expression that decides whether it runs; always where it is null.</summary>
    public string? Condition { get; init; }

    /// <summary>What its token may be used for, and nothing else.</summary>
    public required IReadOnlyList<(string Key, string Value)> JobPermissions { get; init; }

    /// <summary>Expression of the matrix; null without one.</summary>
    public string? Matrix { get; init; }

    /// <summary>What later jobs can read.</summary>
    public IReadOnlyList<(string Key, string Value)> Outputs { get; init; } = [];

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine($"{Name}:");
        using (writer.Indent())
        {
            writer.WriteLine($"name: {Title}");
            if (Needs.Count > 0) writer.WriteLine($"needs: [{string.Join(", ", Needs)}]");
            if (Condition is not null) writer.WriteLine($"if: ${{{{ {Condition} }}}}");
            writer.WriteLine($"runs-on: {RunsOn}");
            writer.WriteLine($"timeout-minutes: {TimeoutMinutes}");
            writer.WriteMap("permissions", JobPermissions);
            if (ConcurrencyGroup is not null) writer.WriteMap("concurrency", [("group", ConcurrencyGroup)]);
            if (Matrix is not null)
            {
                writer.WriteLine("strategy:");
                using (writer.Indent())
                {
                    // The other images are none the worse for one that fails.
                    writer.WriteLine("fail-fast: false");
                    writer.WriteLine($"matrix: ${{{{ fromJSON({Matrix}) }}}}");
                }
            }

            writer.WriteMap("outputs", Outputs);
            // What stands in for packages is for feeds that lack them.
            writer.WriteMap("env", [("PackageSource", "gallery")]);
            writer.WriteLine("steps:");
            using (writer.Indent())
            {
                foreach (var step in Steps) step.Write(writer);
            }
        }
    }
}
