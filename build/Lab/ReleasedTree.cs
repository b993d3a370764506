using Nuke.Common.IO;

namespace OpenStack.Lab;

/// <summary>The source tree of one release.</summary>
/// <param name="Version">Upstream's version.</param>
/// <param name="Time">Time of the newest file in what the tree was made from.</param>
sealed record ReleasedTree(AbsolutePath Directory, string Version, DateTimeOffset Time);
