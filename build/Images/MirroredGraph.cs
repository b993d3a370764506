using OpenStack.Oci;

namespace OpenStack.Images;

/// <summary>
/// A graph as BuildKit is handed it: images of registries by the names that mirrors have them under. Everything before
/// that, what is written into images included, knows them by their own names.
/// </summary>
/// <param name="Targets">The graph.</param>
/// <param name="Images">What mirrors are asked for.</param>
sealed record MirroredGraph(IReadOnlyDictionary<string, BakeTarget> Targets, IReadOnlyList<MirroredReference> Images)
{
    const string Scheme = "docker-image://";

    public static MirroredGraph Of(IReadOnlyDictionary<string, BakeTarget> targets, RegistryMirrorMap mirrors)
    {
        var images = targets.ToDictionary(x => x.Key, x => AskedFor(x.Value)
            .Select(y => (Context: y.Key, Source: mirrors.SourceOf(y.Value)))
            .Where(y => y.Source.IsMirrored)
            .ToDictionary(y => y.Context, y => y.Source));
        return new MirroredGraph(
            targets.ToDictionary(x => x.Key, x => x.Value with
            {
                Contexts = images[x.Key].ToDictionary(y => y.Key, y => Scheme + y.Value.Place)
                    .UnionBy(x.Value.Contexts, y => y.Key).ToDictionary(),
            }),
            [.. images.Values.SelectMany(x => x.Values).Distinct()]);
    }

    /// <summary>The image that an error is about and a mirror was asked for; null where it is about another.</summary>
    public MirroredReference? NamedIn(string error) =>
        Images.FirstOrDefault(x => error.Contains(x.Place.Name, StringComparison.Ordinal));

    /// <summary>
    /// By the names that its Dockerfile has for them, the images of registries that a target asks for: named contexts,
    /// and whatever else the Dockerfile takes from outside, which BuildKit would look for by itself.
    /// </summary>
    static Dictionary<string, RegistryReference> AskedFor(BakeTarget target)
    {
        var named = target.Contexts.Where(x => x.Value.StartsWith(Scheme, StringComparison.Ordinal))
            .ToDictionary(x => x.Key, x => RegistryReference.Parse(x.Value[Scheme.Length..]));
        var file = Path.Combine(target.Context, "Dockerfile");
        var dockerfile = target.DockerfileInline is { } text ? Dockerfile.Of(file, text) : Dockerfile.Read(file);
        foreach (var name in dockerfile.ExternalImages.Except(target.Contexts.Keys))
            if (RegistryReference.TryParseFamiliar(name) is { } image) named[name] = image;
        return named;
    }
}
