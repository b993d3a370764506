using System.Text.Json;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.UpstreamTests;

/// <summary>What runs together: the members of some services, and the servers that those need.</summary>
/// <param name="Release">The release that the services are of.</param>
/// <param name="Members">In an order in which each comes after what it needs.</param>
/// <param name="Tests">How Tempest runs against them.</param>
public sealed record ServiceSet(string Release, IReadOnlyList<SetMember> Members, SetTests Tests)
{
    /// <summary>The image of Tempest.</summary>
    public const string Tempest = "tempest";

    /// <summary>The image directory of the servers that no service is.</summary>
    public const string BackendImage = "set-backend";

    /// <summary>Nothing runs.</summary>
    public static ServiceSet Empty { get; } = new("", [], new SetTests());

    /// <summary>Those that no service's image has.</summary>
    public IReadOnlyList<SetMember> Backends => [.. Members.Where(x => x.Image == BackendImage)];

    /// <summary>Tests are about members that are there.</summary>
    public string TestsOfMembers => string.Join('|', Members.SelectMany(x => x.Tests).Select(x => $"(?:{x})"));

    /// <summary>Regular expressions of the reasons for which a test may be skipped here.</summary>
    public IEnumerable<string> Skips => Tests.Skips.Concat(Tests.SkipsWithout
        .Where(x => Members.All(y => y.Image != x.Key)).SelectMany(x => x.Value));

    /// <param name="release">The release.</param>
    /// <param name="services">The services, Tempest aside.</param>
    /// <param name="images">What each image says of sets.</param>
    /// <exception cref="ProblemException">What somebody needs is not there; all of it.</exception>
    public static ServiceSet Of(string release, IReadOnlyList<string> services,
        IReadOnlyDictionary<string, SetData> images)
    {
        var problems = services.Where(x => images[x].Members.Count == 0).Select(x => new Problem(
            $"nothing says how {x} runs in a set", $"images/{x}/{SetFile.Name}", Remedy: "Write it, or leave the "
                + $"service out; there is one of {string.Join(", ", SetServices(images))}")).ToList();
        var known = images.Values.SelectMany(x => x.Members).ToList();
        problems.AddRange(known.GroupBy(x => x.Name).Where(x => x.Count() > 1).Select(x => x.Last().At with
        {
            Found = $"there is another member '{x.Key}', in images/{x.First().Image}/{SetFile.Name}",
            Remedy = "Give it a name of its own",
        }));
        ProblemException.ThrowIfAny([.. problems]);
        var ordered = new List<SetMember>();
        foreach (var member in services.SelectMany(x => images[x].Members)) Add(member, []);
        ProblemException.ThrowIfAny([.. problems.Distinct()]);
        return new ServiceSet(release, ordered, images[Tempest].Tests ?? new SetTests());

        void Add(SetMember member, IReadOnlyList<string> path)
        {
            if (ordered.Contains(member)) return;
            if (path.Contains(member.Name))
            {
                var circle = string.Join(" → ", path.SkipWhile(x => x != member.Name).Append(member.Name));
                problems.Add(member.At with { Found = $"it needs itself: {circle}" });
                return;
            }

            foreach (var need in member.Needs)
            {
                if (known.FirstOrDefault(x => x.Name == need) is not { } needed)
                    problems.Add(member.At with
                    {
                        Found = $"{member.Name} needs '{need}', which nobody is",
                        Remedy = Suggest.DidYouMean(need, known.Select(x => x.Name)),
                    });
                else if (needed.Image != BackendImage && !services.Contains(needed.Image))
                    problems.Add(new Problem($"{member.Image} does not run without {needed.Image}",
                        Remedy: $"Add {needed.Image} to --service"));
                else
                    Add(needed, [.. path, member.Name]);
            }

            if (!ordered.Contains(member)) ordered.Add(member);
        }
    }

    /// <summary>Some services, and those that they do not run without; what runs in no set is left out.</summary>
    /// <param name="images">What each image says of sets.</param>
    public static IReadOnlyList<string> Closed(IEnumerable<string> services,
        IReadOnlyDictionary<string, SetData> images)
    {
        var known = images.Values.SelectMany(x => x.Members).ToLookup(x => x.Name);
        var closed = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var service in services) Add(service);
        return [.. closed];

        void Add(string service)
        {
            if (!SetServices(images).Contains(service) || !closed.Add(service)) return;
            foreach (var need in images[service].Members.SelectMany(x => x.Needs).SelectMany(x => known[x]))
                Add(need.Image);
        }
    }

    /// <summary>
    /// Of each release what of some images runs beside others, with what that does not run without; and what of all
    /// that is not among them, Tempest included.
    /// </summary>
    /// <param name="built">The images.</param>
    public static IReadOnlyList<(string Release, IReadOnlyList<string> Services, IReadOnlyList<string> Missing)>
        Planned(ReleaseCatalog catalog, IEnumerable<(string Service, string Release)> built)
    {
        var planned = new List<(string, IReadOnlyList<string>, IReadOnlyList<string>)>();
        foreach (var images in built.GroupBy(x => x.Release, x => x.Service))
        {
            var there = catalog.Releases[images.Key].SourceRefs;
            // Another Tempest may find something in any of them.
            var services = Closed(images.Contains(Tempest) ? there.Keys : images, catalog.Sets);
            if (services.Count > 0 && services.Append(Tempest).All(there.ContainsKey))
                planned.Add((images.Key, services, [.. services.Append(Tempest).Except(images)]));
        }

        return planned;
    }

    /// <summary>Some servers that no service is, and nothing else.</summary>
    /// <param name="release">The release of what needs them.</param>
    /// <param name="needs">Their names.</param>
    /// <param name="saidIn">The file that has those.</param>
    /// <param name="images">What each image says of sets.</param>
    /// <exception cref="ProblemException">There is no such server; all of them.</exception>
    public static ServiceSet OfBackends(string release, IReadOnlyList<string> needs, string saidIn,
        IReadOnlyDictionary<string, SetData> images)
    {
        IReadOnlyList<SetMember> known = images.TryGetValue(BackendImage, out var data) ? data.Members : [];
        ProblemException.ThrowIfAny([.. needs.Except(known.Select(x => x.Name)).Select(x => new Problem(
            $"its tests need '{x}', which is no server of images/{BackendImage}/{SetFile.Name}", saidIn,
            Remedy: Suggest.DidYouMean(x, known.Select(y => y.Name),
                $"There are {string.Join(", ", known.Select(y => y.Name))}")))]);
        return new ServiceSet(release, [.. known.Where(x => needs.Contains(x.Name))], new SetTests());
    }

    /// <summary>Files of a member, each with what is known of the whole set.</summary>
    public Dictionary<string, string> Filled(IReadOnlyDictionary<string, string> files) =>
        files.ToDictionary(x => x.Key, x => Fill(x.Value));

    /// <summary>A text of a member, with what is known of the whole set in the places of its variables.</summary>
    public string Fill(string text) => text
        .Replace("{databases}", string.Join('\n', Members.SelectMany(x => x.Databases).Distinct()
            .Select(x => $"CREATE DATABASE {x};")), StringComparison.Ordinal)
        .Replace("{catalog}", JsonSerializer.Serialize(Members.Select(x => x.Endpoint).OfType<SetEndpoint>()
            .Select(x => new { name = x.Name, type = x.Type, url = x.Url })), StringComparison.Ordinal)
        .Replace("{tempest}", string.Join('\n', Members.Select(x => x.Tempest).Where(x => x.Length > 0)),
            StringComparison.Ordinal);

    static IEnumerable<string> SetServices(IReadOnlyDictionary<string, SetData> images) =>
        images.Where(x => x.Value.Members.Count > 0 && x.Key != BackendImage).Select(x => x.Key);
}
