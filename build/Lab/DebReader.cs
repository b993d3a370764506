using System.Collections.Concurrent;
using Nuke.Common.IO;

namespace OpenStack.Lab;

/// <summary>
/// Packages and their files as several parts of the laboratory need them: each is read once in a run.
/// </summary>
sealed class DebReader(CancellationToken cancellation)
{
    readonly ConcurrentDictionary<string, Lazy<Task<DebPackage>>> _packages = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Lazy<Task<DebContent>>> _contents = new(StringComparer.Ordinal);

    /// <summary>What a package says of itself.</summary>
    public Task<DebPackage> PackageAsync(AbsolutePath file) =>
        _packages.GetOrAdd(file, x => new(() => DebPackage.ReadAsync(x, cancellation))).Value;

    /// <summary>What it holds; belongs to all who asked, and is not to be changed.</summary>
    public Task<DebContent> ContentAsync(DebPackage package) =>
        _contents.GetOrAdd(package.File, _ => new(() => DebContent.ReadAsync(package, cancellation))).Value;
}
