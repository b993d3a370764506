namespace Nuke.Common;

/// <summary>Parts of the console output that <see cref="DisableDefaultOutputAttribute"/> can suppress.</summary>
public enum DefaultOutput
{
    Logo,
    TargetHeader,
    TargetCollapse,
    ErrorsAndWarnings,
    TargetOutcome,
    BuildOutcome,
    Timestamps
}
