using Nuke.Common.Execution;
using OpenStack.Network;

namespace OpenStack.Pipeline.Start;

/// <summary>Lets the run, and the programs that it starts, trust what <c>--ca-bundle</c> names.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class TrustCaBundleAttribute : BuildExtensionAttributeBase, IOnBuildInitialized
{
    /// <summary>Before anything is asked.</summary>
    public override float Priority => 50;

    public void OnBuildInitialized(IReadOnlyCollection<ExecutableTarget> executableTargets,
        IReadOnlyCollection<ExecutableTarget> executionPlan)
    {
        var build = (IHazNetwork)Build;
        if (executionPlan.Count > 0 && build.CaBundle is { } bundle)
            TlsTrust.Add(CaBundle.Read(bundle), build.TrustedFile!);
    }
}
