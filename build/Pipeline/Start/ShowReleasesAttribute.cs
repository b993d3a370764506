using Nuke.Common.Execution;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Pipeline.Selection;

namespace OpenStack.Pipeline.Start;

/// <summary>
/// Lists the releases that <c>--release</c> may name, and where they are in their lives, with the help, which ends the
/// run. Runs before it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class ShowReleasesAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    public override float Priority => 20;

    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        if (!Build.Help && executionPlan.Count > 0) return;
        Console.WriteLine("Releases (for --release):\n");
        foreach (var line in Lines((IHazCatalog)Build)) Console.WriteLine($"  {line}");
        Console.WriteLine();
    }

    /// <summary>Who asks for help gets it, whatever is wrong with the catalog.</summary>
    static IReadOnlyList<string> Lines(IHazCatalog build)
    {
        try
        {
            return ReleaseTable.Of(build.Catalog.Releases.Values, build.Today).Lines;
        }
        catch (ProblemException e)
        {
            return [$"not known, as the catalog has mistakes: {e.Problems[0]}"];
        }
    }
}
