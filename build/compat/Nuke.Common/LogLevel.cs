namespace Nuke.Common;

/// <summary>The levels that <see cref="Verbosity"/> selects.</summary>
public enum LogLevel
{
    Trace,
    Normal,
    Warning,
    Error
}
