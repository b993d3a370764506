using Nuke.Common;
using Nuke.Common.Execution;

namespace OpenStack.Pipeline.Development;

/// <summary>A shell that completes the command line.</summary>
public enum CompletedShell
{
    Bash,
    Zsh,
    Fish,
    PowerShell,
}

/// <summary>What completes the command line (<c>build/Completion</c>).</summary>
interface IHazCompletion : INukeBuild
{
    [Parameter("Prints what completes the command line in this shell, and does nothing else")]
    CompletedShell? Completion => TryGetValue<CompletedShell?>(() => Completion);
}

/// <summary><c>--completion</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class PrintCompletionAttribute : BuildExtensionAttributeBase, IOnBuildCreated
{
    /// <summary>After parameters were read, before anything else is done with them.</summary>
    public override float Priority => 60;

    public void OnBuildCreated(IReadOnlyCollection<ExecutableTarget> executableTargets)
    {
        if (((IHazCompletion)Build).Completion is not { } shell) return;
        Console.Write(File.ReadAllText(
            Build.RootDirectory / "build" / "Completion" / $"build.{shell.ToString().ToLowerInvariant()}"));
        Environment.Exit(0);
    }
}
