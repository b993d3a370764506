using OpenStack.Diagnostics;

namespace OpenStack.Updates;

/// <summary>How manifests are removed from a registry.</summary>
public interface IManifestRemoval
{
    /// <summary>Removes one manifest.</summary>
    /// <param name="repository">The repository, without the registry: <c>c5c3/keystone</c>.</param>
    /// <param name="digest">The manifest's digest.</param>
    /// <returns>Why this one stays; null when it is gone.</returns>
    /// <exception cref="ProblemException">It stays, and so would any other.</exception>
    Task<Problem?> RemoveAsync(string repository, string digest, CancellationToken cancellation = default);
}
