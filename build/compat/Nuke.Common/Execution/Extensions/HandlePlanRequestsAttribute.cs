using System.Diagnostics;
using System.Net;
using Nuke.Common.IO;

namespace Nuke.Common.Execution;

/// <summary>Writes the graph of targets as a page and opens it.</summary>
sealed class HandlePlanRequestsAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets, IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (!Build.Plan)
            return;
        var file = Build.TemporaryDirectory / "execution-plan.html";
        var items = executionPlan.Select(x => $"<li>{WebUtility.HtmlEncode(x.Name)}{string.Concat(x.ExecutionDependencies.Select(y => $" &larr; {WebUtility.HtmlEncode(y.Name)}"))}</li>");
        file.WriteAllText($"<!DOCTYPE html><meta charset=\"utf-8\"><title>Execution plan</title><ol>{string.Concat(items)}</ol>");
        Process.Start(new ProcessStartInfo { FileName = file, UseShellExecute = true })?.Dispose();
        Environment.Exit(0);
    }
}
