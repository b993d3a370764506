using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary>The patches of the repository: <c>patches/&lt;component&gt;/&lt;release&gt;/*.patch</c>.</summary>
/// <param name="Files">By <c>component/release</c>, each in the order in which they are applied.</param>
[DescribedFile("Patches as `git format-patch` writes them, in the order of their names",
    Place = "patches/<component>/<release>/*.patch")]
public sealed record PatchCatalog(IReadOnlyDictionary<string, IReadOnlyList<AbsolutePath>> Files)
{
    /// <summary>
    /// The patches of a component in a release, in the order of their names; none where there are none.
    /// </summary>
    public IReadOnlyList<AbsolutePath> Of(string component, string release) =>
        Files.GetValueOrDefault($"{component}/{release}") ?? [];

    /// <summary>
    /// Lists the patches. Whatever would silently not be applied is a problem: a directory for a component or a release
    /// that is not there, a patch in the wrong place, another kind of file.
    /// </summary>
    internal static PatchCatalog Load(Tree tree, IReadOnlyDictionary<string, Release> releases, List<Problem> problems)
    {
        var files = new Dictionary<string, IReadOnlyList<AbsolutePath>>(StringComparer.Ordinal);
        var components = releases.Values.SelectMany(x => x.SourceRefs.Keys).ToHashSet(StringComparer.Ordinal);
        foreach (var component in tree.Directories("patches",
            x => $"{x} belongs into patches/<component>/<release>/", problems))
        {
            var directory = $"patches/{component}";
            if (components.Count > 0 && !components.Contains(component))
            {
                problems.Add(Names.Component.Check(component, directory)
                    ?? new Problem($"no release has a component '{component}'", directory,
                        Remedy: Suggest.DidYouMean(component, components,
                            $"Add it to {SourceRefsFile.Name} of a release, or remove the directory")));
                continue;
            }

            foreach (var release in tree.Directories(directory,
                x => $"{x} belongs into {directory}/<release>/", problems))
            {
                var place = $"{directory}/{release}";
                if (CheckRelease(component, release, releases) is { } wrong) problems.Add(wrong with { File = place });
                else files[$"{component}/{release}"] = List(tree, place, problems);
            }
        }

        return new PatchCatalog(files);
    }

    static Problem? CheckRelease(string component, string release, IReadOnlyDictionary<string, Release> releases)
    {
        if (!releases.TryGetValue(release, out var known))
            return new Problem($"there is no release '{release}'",
                Remedy: Suggest.DidYouMean(release, releases.Keys, $"Releases are {string.Join(", ", releases.Keys)}"));
        return known.SourceRefs.Count == 0 || known.SourceRefs.ContainsKey(component)
            ? null
            : new Problem($"release {release} has no component '{component}'",
                Remedy: $"Add it to releases/{release}/{SourceRefsFile.Name}, or remove the directory");
    }

    static List<AbsolutePath> List(Tree tree, string place, List<Problem> problems)
    {
        var patches = new List<AbsolutePath>();
        foreach (var entry in tree.Entries(place))
        {
            if (entry.EndsWith(".patch", StringComparison.Ordinal) && tree.IsFile($"{place}/{entry}"))
                patches.Add(tree.Root / place / entry);
            else
                problems.Add(new Problem("this is not applied", $"{place}/{entry}",
                    Expected: "*.patch, applied in the order of their names",
                    Remedy: "Rename or remove it; notes go into a README"));
        }

        return patches;
    }
}
