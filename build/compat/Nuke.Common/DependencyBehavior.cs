namespace Nuke.Common;

/// <summary>What becomes of the dependencies that only a skipped target needs.</summary>
public enum DependencyBehavior
{
    Skip,
    Execute
}
