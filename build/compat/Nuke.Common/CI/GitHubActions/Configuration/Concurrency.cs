using Nuke.Common.Utilities;

namespace Nuke.Common.CI.GitHubActions.Configuration;

/// <summary>The concurrency section of a workflow or a job.</summary>
static class Concurrency
{
    // One per workflow and pull request; elsewhere every run is its own group.
    const string DefaultGroup = "${{ github.workflow }} @ ${{ github.event.pull_request.head.label || github.head_ref || github.run_id }}";

    public static bool IsGiven(string group, bool cancelsInProgress) => cancelsInProgress || !string.IsNullOrWhiteSpace(group);

    public static void Write(CustomFileWriter writer, string group, bool cancelsInProgress)
    {
        if (!IsGiven(group, cancelsInProgress))
            return;
        writer.WriteLine("concurrency:");
        using (writer.Indent())
        {
            writer.WriteLine($"group: {(string.IsNullOrWhiteSpace(group) ? DefaultGroup : group)}");
            if (cancelsInProgress)
                writer.WriteLine("cancel-in-progress: true");
        }
    }
}
