using System.IO.Enumeration;
using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>Turns what a user gave, names, groups and patterns, into services of releases.</summary>
sealed class Selector(ReleaseCatalog catalog)
{
    const string All = "all";

    /// <summary>Begins what names a group: <c>@core</c>.</summary>
    const char Group = '@';

    readonly List<Problem> _problems = [];

    public IReadOnlyList<SelectedImage> Select(IReadOnlyList<string> services, IReadOnlyList<string> releases)
    {
        var chosenReleases = Choose(releases, [.. catalog.Releases.Keys], "release", UnknownRelease);
        var chosenServices = Choose(services, catalog.Services, "service", UnknownService);
        ProblemException.ThrowIfAny(_problems);

        var selections = NamesOf(chosenReleases).Select(x => catalog.Releases[x])
            .SelectMany(release => NamesOf(chosenServices).Select(service => new SelectedImage(service, release)));
        var there = selections.ToLookup(x => x.Release.SourceRefs.ContainsKey(x.Service));
        // What stands for several means those that are there; a pair that was spelt out must be there.
        var spelt = chosenServices.Concat(chosenReleases).Where(x => x.IsSpelt).SelectMany(x => x.Names).ToHashSet();
        _problems.AddRange(there[false].Where(x => spelt.Contains(x.Service) && spelt.Contains(x.Release.Name))
            .Select(NotInRelease));
        ProblemException.ThrowIfAny(_problems);
        if (!there[true].Any())
            throw new ProblemException($"no release of {string.Join(", ", NamesOf(chosenReleases))} has "
                + $"{string.Join(", ", NamesOf(chosenServices))}");
        _problems.AddRange(chosenServices.Where(x => !there[true].Any(y => x.Names.Contains(y.Service)))
            .Select(x => new Problem($"no release of {string.Join(", ", NamesOf(chosenReleases))} has a service of "
                + $"'{x.Given}'", Remedy: "Select other releases, or leave it out")));
        _problems.AddRange(chosenReleases.Where(x => !there[true].Any(y => x.Names.Contains(y.Release.Name)))
            .Select(x => new Problem($"no release of '{x.Given}' has {string.Join(", ", NamesOf(chosenServices))}",
                Remedy: "Select other services, or leave it out")));
        ProblemException.ThrowIfAny(_problems);
        return [.. there[true]];
    }

    public IReadOnlyList<Release> SelectReleases(IReadOnlyList<string> releases)
    {
        var chosen = Choose(releases.Count == 0 ? [All] : releases, [.. catalog.Releases.Keys],
            "release", UnknownRelease);
        ProblemException.ThrowIfAny(_problems);
        return [.. NamesOf(chosen).Select(x => catalog.Releases[x])];
    }

    public IReadOnlyList<string> SelectServices(IReadOnlyList<string> services)
    {
        var chosen = Choose(services, catalog.Services, "service", UnknownService);
        ProblemException.ThrowIfAny(_problems);
        return [.. NamesOf(chosen)];
    }

    static IEnumerable<string> NamesOf(IEnumerable<Choice> choices) => choices.SelectMany(x => x.Names).Distinct();

    List<Choice> Choose(IReadOnlyList<string> given, IReadOnlyList<string> known, string kind,
        Func<string, Problem> unknown)
    {
        if (given.Count == 0) _problems.Add(new Problem($"no {kind} is given", Remedy: $"Choose from {List(known)}"));
        var chosen = given.Distinct(StringComparer.Ordinal)
            .Select(x => new Choice(x, [.. NamesOf(x, known, kind, unknown)], known.Contains(x))).ToList();
        // What is named besides is part of it.
        return chosen.Find(x => x.Given == All) is { } all ? [all] : chosen;
    }

    IEnumerable<string> NamesOf(string given, IReadOnlyList<string> known, string kind, Func<string, Problem> unknown)
    {
        if (given == All) return known;
        if (known.Contains(given)) return [given];
        if (given.StartsWith(Group) && kind == "service")
        {
            if (catalog.Groups.TryGetValue(given[1..], out var members)) return members;
            _problems.Add(new Problem($"there is no group '{given}'",
                Remedy: Near(given, catalog.Groups.Keys.Select(x => $"{Group}{x}"))));
        }
        else if (given.AsSpan().ContainsAny('*', '?'))
        {
            var matching = known.Where(x => FileSystemName.MatchesSimpleExpression(given, x, ignoreCase: false))
                .ToList();
            if (matching.Count == 0)
                _problems.Add(new Problem($"no {kind} matches '{given}'",
                    Remedy: Near(string.Concat(given.Where(x => x is not ('*' or '?'))), known)));
            return matching;
        }
        else
        {
            _problems.Add(unknown(given));
        }

        return [];
    }

    Problem UnknownRelease(string name) =>
        Names.Release.Check(name, remedy: Near(name, catalog.Releases.Keys))
        ?? new Problem($"there is no release '{name}'", Remedy: Near(name, catalog.Releases.Keys));

    Problem UnknownService(string name)
    {
        if (Names.Component.Check(name, remedy: Near(name, catalog.Services)) is { } wrong)
            return wrong with { Found = wrong.Found.Replace("component", "service") };
        if (catalog.Groups.ContainsKey(name))
            return new Problem($"'{name}' is a group and no service", Expected: $"{Group}{name}");
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

    /// <summary>What a user gave, and the names that it stands for.</summary>
    /// <param name="IsSpelt">Whether it is one of them itself.</param>
    sealed record Choice(string Given, IReadOnlyList<string> Names, bool IsSpelt);
}
