using Nuke.Common.IO;
using OpenStack.Oci;

namespace OpenStack.Locks;

/// <summary>What a lock is about.</summary>
/// <param name="Image">A service, <c>python-base</c>, <c>venv-builder</c>.</param>
/// <param name="Release">The OpenStack release; null of what all releases have in common.</param>
/// <param name="Platform">As in <c>linux/amd64</c>.</param>
/// <param name="Distro">
/// The distribution that it is built on, <c>ubuntu-noble</c>: its packages are those of no other.
/// </param>
public sealed record LockSubject(string Image, string? Release, string Platform, string Distro)
{
    /// <summary>Directory of locks, in that of a release and beside those.</summary>
    public const string DirectoryName = "locks";

    /// <summary>What the names of locks end in.</summary>
    public const string Suffix = ".lock";

    const string NoRelease = "-";

    /// <summary>The words of the line of a lock that says what it is about.</summary>
    internal IReadOnlyList<string> Words => [Image, Release ?? NoRelease, Platform, Distro];

    internal static LockSubject Of(string image, string release, string platform, string distro) =>
        new(image, release == NoRelease ? null : release, platform, distro);

    /// <summary><c>2025.1/locks/keystone.linux-amd64.lock</c>, <c>locks/python-base.linux-amd64.lock</c>.</summary>
    /// <param name="releases">The directory with one subdirectory per release.</param>
    public AbsolutePath FileBelow(AbsolutePath releases) =>
        (Release is null
            ? releases
            : releases / Release) / DirectoryName / $"{Image}.{PlatformName.ForFiles(Platform)}{Suffix}";

    /// <summary>All locks that there are.</summary>
    /// <param name="releases">The directory with one subdirectory per release.</param>
    public static IReadOnlyList<AbsolutePath> FilesBelow(AbsolutePath releases) => !Directory.Exists(releases) ? [] :
    [
        .. Directory.GetDirectories(releases)
            .Select(x => (AbsolutePath)x)
            .Select(x => x.Name == DirectoryName ? x : x / DirectoryName)
            .Where(x => Directory.Exists(x))
            .SelectMany(x => Directory.GetFiles(x, $"*{Suffix}"))
            .Order(StringComparer.Ordinal)
            .Select(x => (AbsolutePath)x),
    ];

    public override string ToString() => Release is null ? $"{Image} {Platform}" : $"{Image} {Release} {Platform}";
}
