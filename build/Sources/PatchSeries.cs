using Nuke.Common.IO;

namespace OpenStack.Sources;

/// <summary>
/// The patches of one component for one release: <c>patches/&lt;component&gt;/&lt;release&gt;/*.patch</c>.
/// </summary>
/// <param name="Files">In the order in which they are applied.</param>
public sealed record PatchSeries(string Component, string Release, IReadOnlyList<AbsolutePath> Files)
{
    /// <summary>A patch as messages name it, e.g. <c>patches/keystone/2025.1/0001-x.patch</c>.</summary>
    public string Label(string file) => $"patches/{Component}/{Release}/{Path.GetFileName(file)}";

    /// <summary>Says of which component and release something is.</summary>
    public string Says(string sentence) => $"{Release} {Component}: {sentence}";
}
