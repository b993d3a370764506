using Nuke.Common.CI.GitHubActions.Configuration;
using Nuke.Common.Utilities;

namespace OpenStack.Workflows;

/// <summary>A step that runs an action of somebody else.</summary>
/// <param name="action">The action, at one commit.</param>
public sealed class ActionStep(ActionPin action) : GitHubActionsStep
{
    /// <summary>What it is for.</summary>
    public required string Name { get; init; }

    /// <summary>Expression that decides whether it runs; always where it is null.</summary>
    public string? Condition { get; init; }

    /// <summary>Why something that looks wrong is meant so, one comment a line.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Its inputs.</summary>
    public IReadOnlyList<(string Key, string Value)> With { get; init; } = [];

    public override void Write(CustomFileWriter writer)
    {
        writer.WriteLine($"- name: {Name}");
        using (writer.Indent())
        {
            if (Condition is not null) writer.WriteLine($"if: ${{{{ {Condition} }}}}");
            writer.WriteLine($"uses: {action}");
            foreach (var remark in Remarks) writer.WriteLine($"# {remark}");
            writer.WriteMap("with", With);
        }
    }
}
