namespace Nuke.Common;

/// <summary>Suppresses parts of the console output; derive and override <see cref="IsApplicable"/> to restrict it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class DisableDefaultOutputAttribute : Attribute
{
    public DisableDefaultOutputAttribute(params DefaultOutput[] disabledOutputs) => DisabledOutputs = disabledOutputs;

    public DefaultOutput[] DisabledOutputs { get; }

    public virtual bool IsApplicable(INukeBuild build) => true;
}
