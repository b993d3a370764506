using Nuke.Common;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;

namespace OpenStack.Pipeline.Selection;

/// <summary>
/// What a run is about: services × releases, both of which have to be given, and what stands in for their sources.
/// </summary>
interface IHazSelection : IHazCatalog
{
    [Parameter("Refs that take the place of those in source-refs.yaml, for services and libraries, as in "
        + "'nova=stable/2025.2 oslo.messaging=14.9.0'")]
    string[] Ref => TryGetValue(() => Ref) ?? [];

    [Parameter("Local trees that take the place of refs, as in 'nova=../nova', relative to the current directory")]
    string[] Source => TryGetValue(() => Source) ?? [];

    /// <summary>
    /// The service images that the run still works on: those of <see cref="Selected"/> that have not failed, and are
    /// made of nothing that has.
    /// </summary>
    /// <exception cref="ProblemException">Nothing, or something unknown, is selected.</exception>
    IReadOnlyList<Workspace> Selection => !Run.Outcome.HasFailed ? Selected : [.. Selected.Where(x =>
        !LibrariesOf(x).Prepend(x).Any(y => Run.Outcome.IsFailed(y.Name)))];

    /// <summary>
    /// The service images that the parameters select, none where it is <c>python-base</c> alone, which belongs to every
    /// selection; their releases have the refs and trees that the parameters give.
    /// </summary>
    /// <exception cref="ProblemException">Nothing, or something unknown, is selected.</exception>
    IReadOnlyList<Workspace> Selected =>
        WorkspacesOf(Run.SelectOnce(() => Select([.. Service, .. ServicesBesides], Release)));

    /// <summary>Those of it that are Python distributions.</summary>
    IReadOnlyList<Workspace> PythonSelection =>
        [.. Selection.Where(x => Catalog.KindOf(x.Component) == ImageKind.Python)];

    /// <summary>The services that a target works on which has nothing to do without any.</summary>
    /// <param name="target">Its name.</param>
    /// <param name="services">What is selected; <see cref="Selection"/> where it is not given.</param>
    /// <exception cref="ProblemException">There are none: what looks at nothing would find nothing wrong with
    /// it.</exception>
    IReadOnlyList<Workspace> RequireServices(string target, IReadOnlyList<Workspace>? services = null) =>
        (services ?? Selection) is { Count: > 0 } some
        ? some
        : throw new ProblemException($"{target} works on the images of services, and --service names "
            + $"{BaseImages.PythonBase} alone", "Name a service with --service, or leave the target out");

    /// <summary>
    /// The libraries that the selected releases build from source: their images get these instead of what the index
    /// has; and the plugins of the selected images.
    /// </summary>
    IReadOnlyList<Workspace> Libraries => LibrariesOf(Selection);

    /// <summary>Those of them that are Python distributions, and become wheels.</summary>
    IReadOnlyList<Workspace> PythonLibraries =>
        [.. Libraries.Where(x => Catalog.KindOf(x.Component) == ImageKind.Python)];

    /// <summary>Those that one image gets.</summary>
    IReadOnlyList<Workspace> LibrariesOf(Workspace service) => LibrariesOf([service]);

    /// <summary>The plugins of an image.</summary>
    IReadOnlyList<Workspace> PluginsOf(Workspace service) =>
        [.. service.Release.PackagesOf(service.Component).Plugins
            .Select(x => new Workspace(ArtifactsDirectory, x, service.Release))];

    /// <summary>Everything that is checked out and patched: the services and the libraries.</summary>
    IReadOnlyList<Workspace> Sources => [.. Selection, .. Libraries];

    /// <summary>Any services and releases, as if they were selected.</summary>
    IReadOnlyList<Workspace> ServicesOf(IReadOnlyList<string> services, IReadOnlyList<string> releases) =>
        WorkspacesOf(Select(services, releases));

    IReadOnlyList<SelectedImage> Select(
        IReadOnlyList<string> services, IReadOnlyList<string> releases)
    {
        var named = services.Where(x => x != BaseImages.PythonBase).ToList();
        if (named.Count == 0 && services.Count > 0) return [];
        var instead = new AdHocSources(Catalog, Ref, Source, EnvironmentInfo.WorkingDirectory);
        return instead.Apply(Catalog.Select(named, releases));
    }

    IReadOnlyList<Workspace> WorkspacesOf(IEnumerable<SelectedImage> images) =>
        [.. images.Select(x => new Workspace(ArtifactsDirectory, x.Service, x.Release))];

    IReadOnlyList<Workspace> LibrariesOf(IEnumerable<Workspace> services) =>
        [.. services.GroupBy(x => x.Release)
            .SelectMany(x => x.SelectMany(y => Catalog.LibrariesOf(x.Key, y.Component)).Distinct()
                .Order(StringComparer.Ordinal).Select(y => new Workspace(ArtifactsDirectory, y, x.Key)))];
}
