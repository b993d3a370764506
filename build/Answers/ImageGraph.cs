using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Images;
using OpenStack.Sources;

namespace OpenStack.Answers;

/// <summary>What images are made of, as the repository says it.</summary>
/// <param name="Images">The images that were asked for.</param>
/// <param name="Nodes">Those and all that they are made of, each before what is made of it.</param>
public sealed record ImageGraph(IReadOnlyList<GraphNode> Images, IReadOnlyList<GraphNode> Nodes)
{
    /// <param name="catalog">What the repository says.</param>
    /// <param name="images">The images.</param>
    /// <param name="insteadOf">What stands in for the external image of a base image; null where nothing does.</param>
    public static ImageGraph Of(ReleaseCatalog catalog, IReadOnlyList<SelectedImage> images,
        Func<string, string?> insteadOf)
    {
        var builder = new Builder(catalog, insteadOf);
        return new ImageGraph([.. images.Select(builder.ImageOf)], builder.Nodes);
    }

    /// <summary>Each node is made once, after what it is made of.</summary>
    sealed class Builder(ReleaseCatalog catalog, Func<string, string?> insteadOf)
    {
        readonly Dictionary<string, GraphNode> _byId = new(StringComparer.Ordinal);

        readonly Dictionary<string, IReadOnlyList<string>> _external = new(StringComparer.Ordinal);

        public List<GraphNode> Nodes { get; } = [];

        public GraphNode ImageOf(SelectedImage image)
        {
            var (service, release) = (image.Service, image.Release);
            var plugins = release.PackagesOf(service).Plugins;
            return Node(GraphKind.Image, $"{service} {release.Name}", $"{service} {release.Name}", () =>
            [
                PythonBase, VenvBuilder,
                .. catalog.KindOf(service) == ImageKind.Python ? [Closure(service, release, plugins)]
                    : plugins.Select(x => Plugin(x, release)).Prepend(Source(service, release)),
                .. ExternalOf(service).Select(External),
            ]);
        }

        GraphNode PythonBase => Node(GraphKind.BaseImage, BaseImages.PythonBase, BaseImages.PythonBase,
            () => [.. StartsFrom(BaseImages.PythonBase).Select(External)]);

        GraphNode VenvBuilder => Node(GraphKind.BaseImage, BaseImages.VenvBuilder, BaseImages.VenvBuilder,
            () => [PythonBase, .. StartsFrom(BaseImages.VenvBuilder).Select(External)]);

        GraphNode Closure(string service, Release release, IReadOnlyList<string> plugins) => Node(GraphKind.Closure,
            $"closure of {service} {release.Name}", $"distributions of {service} {release.Name}", () =>
            [
                VenvBuilder, Source(service, release), Constraints(release),
                .. catalog.LibrariesOf(release, service).Select(x => Wheel(x, release,
                    plugins.Contains(x) ? GraphKind.Plugin : GraphKind.Library)),
            ]);

        GraphNode Wheel(string component, Release release, GraphKind kind) => Node(kind,
            $"wheel of {component} {release.Name}", $"{component} {release.Name}",
            () => [VenvBuilder, Source(component, release)]);

        GraphNode Plugin(string component, Release release) => Node(GraphKind.Plugin,
            $"plugin {component} {release.Name}", $"{component} {release.Name}",
            () => [Source(component, release)]);

        GraphNode Source(string component, Release release)
        {
            var source = release.SourceRefs[component];
            var series = new PatchSeries(component, release.Name, catalog.Patches.Of(component, release.Name));
            return Node(GraphKind.Source, $"source of {component} {release.Name}",
                $"{component} {source.LocalTree?.ToString() ?? source.Ref}",
                () => [.. series.Files.Select(x => series.Label(x)).Select(x => Node(GraphKind.Patch, x, x))]);
        }

        GraphNode Constraints(Release release) => Node(GraphKind.Constraints, $"constraints of {release.Name}",
            string.Join(", ", new[]
            {
                release.UpperConstraintsFile, release.OverridesFile, release.BuildConstraintsFile,
            }
                .OfType<AbsolutePath>().Select(x => Path.GetRelativePath(catalog.Root, x))));

        GraphNode External(string image) => Node(GraphKind.ExternalImage, image, image);

        /// <summary>What its Dockerfile takes from outside, or what stands in for that.</summary>
        IReadOnlyList<string> StartsFrom(string image) => insteadOf(image) is { } other ? [other] : ExternalOf(image);

        IReadOnlyList<string> ExternalOf(string image) => _external.TryGetValue(image, out var known) ? known
            : _external[image] = Dockerfile.Read(catalog.ImageDirectory(image) / "Dockerfile").ExternalImages;

        GraphNode Node(GraphKind kind, string id, string label, Func<IReadOnlyList<GraphNode>>? madeOf = null)
        {
            if (_byId.TryGetValue(id, out var there)) return there;
            var node = new GraphNode(id, kind, label, [.. (madeOf?.Invoke() ?? []).Select(x => x.Id).Distinct()]);
            Nodes.Add(node);
            return _byId[id] = node;
        }
    }
}
