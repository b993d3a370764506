using Nuke.Common.CI.GitHubActions.Configuration;
using Nuke.Common.Utilities;

namespace OpenStack.Workflows;

/// <summary>
/// A step that runs targets of the build: parameters come in as environment variables, where no shell reads them.
/// </summary>
/// <param name="targets">Targets and switches.</param>
public sealed class TargetStep(params IReadOnlyList<string> targets) : GitHubActionsStep
{
    /// <summary>The script that runs them.</summary>
    public const string Script = "./build.cmd";

    /// <summary>By which other steps and jobs refer to its outputs.</summary>
    public string? Id { get; init; }

    /// <summary>Expression that decides whether it runs; always where it is null.</summary>
    public string? Condition { get; init; }

    /// <summary>Parameters of the build, by their names in the environment, and what else it reads there.</summary>
    public IReadOnlyList<(string Key, string Value)> Environment { get; init; } = [];

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine($"- name: {string.Join(", ", targets.Where(x => x[0] != '-'))}");
        using (writer.Indent())
        {
            if (Id is not null) writer.WriteLine($"id: {Id}");
            if (Condition is not null) writer.WriteLine($"if: ${{{{ {Condition} }}}}");
            writer.WriteLine($"run: {Script} {string.Join(' ', targets)}");
            writer.WriteMap("env", Environment);
        }
    }
}
