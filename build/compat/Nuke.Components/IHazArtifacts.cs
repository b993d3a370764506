using Nuke.Common;
using Nuke.Common.IO;

namespace Nuke.Components;

/// <summary>A place for what the build makes.</summary>
public interface IHazArtifacts : INukeBuild
{
    AbsolutePath ArtifactsDirectory => RootDirectory / "artifacts";
}
