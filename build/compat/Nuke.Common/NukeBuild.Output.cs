using System.Reflection;

namespace Nuke.Common;

public abstract partial class NukeBuild
{
    internal void WriteLogo()
    {
        if (IsOutputEnabled(DefaultOutput.Logo))
            Host.WriteLogo();
        Host.Information($"NUKE Execution Engine {Version()}");
        Host.Information();
    }

    internal IDisposable WriteTarget(string target) =>
        IsOutputEnabled(Host.CollapsesBlocks ? DefaultOutput.TargetCollapse : DefaultOutput.TargetHeader) ? Host.WriteBlock(target) : null;

    internal void WriteErrorsAndWarnings()
    {
        if (IsOutputEnabled(DefaultOutput.ErrorsAndWarnings))
            Host.WriteErrorsAndWarnings();
    }

    internal void WriteTargetOutcome()
    {
        if (IsOutputEnabled(DefaultOutput.TargetOutcome))
            Host.WriteTargetOutcome(this);
    }

    internal void WriteBuildOutcome()
    {
        if (IsOutputEnabled(DefaultOutput.BuildOutcome))
            Host.WriteBuildOutcome(this);
    }

    internal bool IsOutputEnabled(DefaultOutput output) =>
        !GetType().GetCustomAttributes<DisableDefaultOutputAttribute>().Any(x => x.DisabledOutputs.Contains(output) && x.IsApplicable(this));

    static string Version()
    {
        var version = typeof(NukeBuild).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return $"version {version[..version.IndexOf('+', StringComparison.Ordinal)]} ({EnvironmentInfo.Platform},{EnvironmentInfo.Framework})";
    }
}
