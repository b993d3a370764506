namespace Nuke.Common.CI;

/// <summary>A host that is a build server.</summary>
public interface IBuildServer
{
    string Branch { get; }
    string Commit { get; }
}
