using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.Sources;

/// <summary>
/// The patches of one component for one release: <c>patches/&lt;component&gt;/&lt;release&gt;/*.patch</c> in ordinal order of their
/// names. Other files are none of ours.
/// </summary>
public sealed record PatchSeries(string Component, string Release, IReadOnlyList<AbsolutePath> Files)
{
    /// <summary>Names that were probably meant to be patches.</summary>
    static readonly string[] s_nearMisses = [".patch", ".diff", ".patch.txt", ".patch~", ".path", ".pach"];

    /// <param name="patchesDirectory">The directory <c>patches</c>; it need not have anything for this component.</param>
    /// <exception cref="ProblemException">Files that look like patches but have another ending.</exception>
    public static PatchSeries Read(AbsolutePath patchesDirectory, string component, string release)
    {
        var directory = patchesDirectory / component / release;
        if (!Directory.Exists(directory)) return new PatchSeries(component, release, []);
        var files = Directory.GetFiles(directory);
        ProblemException.ThrowIfAny([.. files.Where(IsNearMiss).Order(StringComparer.Ordinal).Select(x => new Problem(
            "The file is not applied", Label(component, release, x), Expected: "a name that ends in '.patch'", Remedy: "Rename or remove it"))]);
        return new PatchSeries(component, release, [.. files
            .Where(x => x.EndsWith(".patch", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(x => (AbsolutePath)x)]);
    }

    /// <summary>A patch as messages name it, e.g. <c>patches/keystone/2025.1/0001-x.patch</c>.</summary>
    public string Label(AbsolutePath file) => Label(Component, Release, file);

    static string Label(string component, string release, string file) => $"patches/{component}/{release}/{Path.GetFileName(file)}";

    static bool IsNearMiss(string file) =>
        !file.EndsWith(".patch", StringComparison.Ordinal)
        && s_nearMisses.Any(x => file.EndsWith(x, StringComparison.OrdinalIgnoreCase));
}
