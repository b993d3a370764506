using Nuke.Common.IO;

namespace OpenStack.Images;

/// <summary>What an image is built from where it is built from a lock.</summary>
/// <param name="Digest">Of all that the lock names.</param>
/// <param name="AptArchive">The directory that has the archive of its system packages, by the name
/// <see cref="ImageSettings.AptArchive"/>; null where it has none of its own.</param>
public sealed record ImageLock(string Digest, AbsolutePath? AptArchive);
