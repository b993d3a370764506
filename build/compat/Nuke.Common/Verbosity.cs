namespace Nuke.Common;

/// <summary>How much of the log the console shows; log files always have everything.</summary>
public enum Verbosity
{
    Verbose,
    Normal,
    Minimal,
    Quiet
}
