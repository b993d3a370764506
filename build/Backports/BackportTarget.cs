using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.Backports;

/// <summary>A component of a release that patches are made for.</summary>
/// <param name="Release">It has a ref of the component, be it one that is not in its file yet.</param>
/// <param name="Pin">The version that the constraints of the release pin a library at; null of a service, and where
/// they do not.</param>
/// <param name="IsNew">Whether the ref has to be added to the file.</param>
sealed record BackportTarget(string Component, Release Release, string? Pin, bool IsNew)
{
    /// <summary>A service or library in releases; a library that they do not build yet is taken at the version that
    /// they pin.</summary>
    /// <param name="releases">Names, <c>all</c> or none for those that have it.</param>
    /// <param name="reference">What a new line is to say in place of the pin; null for the pin.</param>
    /// <param name="shownAs">A file as messages name it.</param>
    /// <exception cref="ProblemException">Something unknown is selected.</exception>
    public static IReadOnlyList<BackportTarget> Select(ReleaseCatalog catalog, string component,
        IReadOnlyList<string> releases, string? reference, Func<AbsolutePath, string> shownAs)
    {
        var isLibrary = !catalog.Images.Contains(component);
        var selected = catalog.SelectReleases(releases);
        var targets = new List<BackportTarget>();
        var missing = new List<Problem>();
        foreach (var release in selected)
        {
            var pin = isLibrary ? LibraryPin.Of(release, component, shownAs) : null;
            if (release.SourceRefs.ContainsKey(component))
                targets.Add(new BackportTarget(component, release, pin, IsNew: false));
            else if (pin is not null)
                targets.Add(new BackportTarget(component, With(release, component, reference ?? pin), pin,
                    IsNew: true));
            else
                missing.Add(new Problem($"release {release.Name} has no '{component}'",
                    Expected: $"a component of releases/{release.Name}/{SourceRefsFile.Name}, or a library that its "
                        + "constraints pin"));
        }

        if (targets.Count == 0) throw new ProblemException(Unknown(catalog, component, selected));
        // 'all' means what there is; a release that was spelt out must have it.
        if (releases.Count > 0 && !releases.Contains("all")) ProblemException.ThrowIfAny(missing);
        return targets;
    }

    static Release With(Release release, string component, string reference) => release with
    {
        SourceRefs = new SortedList<string, SourceRef>(release.SourceRefs.ToDictionary(), StringComparer.Ordinal)
        {
            [component] = new SourceRef(component, reference, $"releases/{release.Name}/{SourceRefsFile.Name}", 0, 0),
        },
    };

    static Problem Unknown(ReleaseCatalog catalog, string component, IReadOnlyList<Release> releases)
    {
        var names = catalog.Components.Concat(releases.SelectMany(x => UpperConstraints.Read(x.UpperConstraintsFile,
            x.UpperConstraintsFile).Pins.Select(y => y.Name))).Distinct(StringComparer.Ordinal);
        return new Problem($"there is no service or library '{component}'", "--service",
            Remedy: Suggest.DidYouMean(component, names, $"Services are {string.Join(", ", catalog.Services)}; of "
                + "libraries, those that a constraint pins"));
    }
}
