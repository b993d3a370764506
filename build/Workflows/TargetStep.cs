using Nuke.Common.CI.GitHubActions.Configuration;
using Nuke.Common.Utilities;

namespace OpenStack.Workflows;

/// <summary>A step that runs targets of the build.</summary>
/// <param name="targets">Targets and switches.</param>
public sealed class TargetStep(params IReadOnlyList<string> targets) : GitHubActionsStep
{
    /// <summary>The script that runs them.</summary>
    public const string Script = "./build.cmd";

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine($"- name: {string.Join(", ", targets.Where(x => x[0] != '-'))}");
        using (writer.Indent()) writer.WriteLine($"run: {Script} {string.Join(' ', targets)}");
    }
}
