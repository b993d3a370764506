using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>Turns the names that a user gave into services of releases.</summary>
sealed class Selector(ReleaseCatalog catalog)
{
    const string All = "all";

    readonly List<Problem> _problems = [];

    public IReadOnlyList<SelectedImage> Select(IReadOnlyList<string> services, IReadOnlyList<string> releases)
    {
        var chosenReleases = Choose(releases, [.. catalog.Releases.Keys], "release", UnknownRelease);
        var chosenServices = Choose(services, catalog.Services, "service", UnknownService);
        ProblemException.ThrowIfAny(_problems);

        var selections = chosenReleases.Select(x => catalog.Releases[x])
            .SelectMany(release => chosenServices.Select(service => new SelectedImage(service, release)));
        var there = selections.ToLookup(x => x.Release.SourceRefs.ContainsKey(x.Service));
        // 'all' means what there is; a pair that was spelt out must be there.
        if (!services.Contains(All) && !releases.Contains(All)) _problems.AddRange(there[false].Select(NotInRelease));
        ProblemException.ThrowIfAny(_problems);
        if (!there[true].Any())
            throw new ProblemException($"no release of {string.Join(", ", chosenReleases)} has "
                + $"{string.Join(", ", chosenServices)}");
        return [.. there[true]];
    }

    public IReadOnlyList<Release> SelectReleases(IReadOnlyList<string> releases)
    {
        var chosen = Choose(releases.Count == 0 ? [All] : releases, [.. catalog.Releases.Keys],
            "release", UnknownRelease);
        ProblemException.ThrowIfAny(_problems);
        return [.. chosen.Select(x => catalog.Releases[x])];
    }

    List<string> Choose(IReadOnlyList<string> names, IReadOnlyList<string> known, string kind,
        Func<string, Problem> unknown)
    {
        if (names.Contains(All)) names = [.. names.Where(x => x != All && !known.Contains(x)), .. known];
        var chosen = names.Distinct(StringComparer.Ordinal).ToList();
        if (chosen.Count == 0) _problems.Add(new Problem($"no {kind} is given", Remedy: $"Choose from {List(known)}"));
        _problems.AddRange(chosen.Where(x => !known.Contains(x)).Select(unknown));
        return chosen;
    }

    Problem UnknownRelease(string name) =>
        Names.Release.Check(name, remedy: Near(name, catalog.Releases.Keys))
        ?? new Problem($"there is no release '{name}'", Remedy: Near(name, catalog.Releases.Keys));

    Problem UnknownService(string name)
    {
        if (Names.Component.Check(name, remedy: Near(name, catalog.Services)) is { } wrong)
            return wrong with { Found = wrong.Found.Replace("component", "service") };
        if (catalog.Images.Contains(name))
            return new Problem($"'{name}' is an image but no service",
                Remedy: $"Services are {List(catalog.Services)}");
        return catalog.Components.Contains(name)
            ? new Problem($"'{name}' has source refs but no image",
                Remedy: $"Add images/{name}/Dockerfile, or choose from {List(catalog.Services)}")
            : new Problem($"there is no service '{name}'", Remedy: Near(name, catalog.Services));
    }

    Problem NotInRelease(SelectedImage selection) => new(
        $"release {selection.Release.Name} has no '{selection.Service}'", Remedy:
        $"Add it to releases/{selection.Release.Name}/{SourceRefsFile.Name}, or choose from "
        + List(catalog.Services.Where(selection.Release.SourceRefs.ContainsKey)));

    static string? Near(string name, IEnumerable<string> known) =>
        Suggest.DidYouMean(name, known, $"Choose from {List(known)}");

    static string List(IEnumerable<string> names) =>
        string.Join(", ", names) is { Length: > 0 } list ? list : "none, there are none yet";
}
