using Nuke.Common;
using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Sources;
using OpenStack.Updates;
using Serilog;

namespace OpenStack.Pipeline.Editing;

/// <summary>A name → a service: its refs, packages and entry points in every release, and its image.</summary>
interface IAddService : IEditCatalog
{
    /// <summary>How many repositories are read at once; each is a process of git's, and waits for its remote.</summary>
    const int RepositoriesAtOnce = 4;

    [Parameter("AddService: what is added of openstack/releases: its deliverables of this type that are Python - "
        + "Default is 'service', where --service is 'all'")]
    string? Type => TryGetValue(() => Type);

    Target AddService => _ => _
        .Description("Adds services to all releases, or those of --release; 'all' adds those of OpenStack: refs (the "
            + "newest version of each release, or --ref), packages, entry points, image")
        .Executes(async () =>
        {
            UseGitMirror();
            var resolver = new RefResolver(MirrorsDirectory);
            var releases = Releases.Select(x => x.Name).ToList();
            var released = await ReleasedAsync(resolver, releases);
            var wanted = Wanted(released, releases);
            var lookUp = new ServiceLookUp(resolver, MirrorOf, RemoteOf, released, RefsGiven,
                TemporaryDirectory / "catalog-look-up");
            var found = await Problems.CollectAsync(wanted, async (x, _) => await lookUp.RunAsync(x.Key, x.Value),
                RepositoriesAtOnce);
            Tell(found);
            Edit(x => x.AddServices(TemplatesOf(found)));
            ProblemException.ThrowIfAny([.. found.SelectMany(x => x.Problems)]);
        });

    bool IsAll => Type is not null || Service.Contains("all");

    /// <summary>What openstack/releases says; null where it cannot be had, and nobody asked for all of it.</summary>
    async Task<ReleasedComponents?> ReleasedAsync(RefResolver resolver, IReadOnlyList<string> releases)
    {
        try
        {
            var remote = RemoteOf(ReleaseData.Repository);
            var head = (await resolver.ResolveAsync([new RefRequest(ReleaseData.Repository, remote,
                "master")])).Refs[0];
            return await ReleasedComponents.ReadAsync(MirrorOf(ReleaseData.Repository, remote), head.Commit, releases);
        }
        catch (ProblemException e) when (!IsAll)
        {
            Log.Warning("What openstack/releases says is not known, so the newest tag of each series is taken. {Why}",
                e.Message);
            return null;
        }
    }

    /// <summary>What is to be added, and to which releases: of all, what is not there yet.</summary>
    IReadOnlyDictionary<string, IReadOnlyList<string>> Wanted(ReleasedComponents? released,
        IReadOnlyList<string> releases)
    {
        if (Service.Length == 0 && Type is null)
            throw new ProblemException("no service is given", "Name it with --service, or say 'all'");
        var named = Service.Where(x => x != "all").Distinct(StringComparer.Ordinal).ToList();
        foreach (var service in named) Edit(x => x.CheckNewService(service, releases), make: false);
        var others = (IsAll ? released!.OfType(Type ?? "service") : []).Except(named)
            .Where(x => Catalog.Services.Contains(x) || !Catalog.Components.Contains(x));
        var wanted = named.Select(x => (Service: x, Releases: releases)).Concat(others.Select(x => (x,
            (IReadOnlyList<string>)[.. releases.Where(y => !Catalog.Releases[y].SourceRefs.ContainsKey(x))])))
            .Where(x => x.Item2.Count > 0).ToDictionary(x => x.Item1, x => x.Item2);
        CheckRefs([.. wanted.Keys]);
        return wanted;
    }

    void Tell(IReadOnlyList<FoundService> found)
    {
        foreach (var service in found)
        {
            foreach (var (release, x) in service.ByRelease)
                Log.Information("{Service} {Release}: {Ref}, distribution {Distribution}", service.Service, release,
                    x.Ref, x.EntryPoints?.Distribution ?? "unknown");
            foreach (var note in service.Notes) Log.Warning("{Service}: {Note}", service.Service, note);
        }

        Log.Information("{Count} services are added. What is left to do is marked TODO in images/<service>, and "
            + "TestImage counts it", found.Count(x => x.ByRelease.Count > 0));
    }

    IReadOnlyDictionary<string, ServiceTemplate> TemplatesOf(IReadOnlyList<FoundService> found) =>
        found.Where(x => x.ByRelease.Count > 0).ToDictionary(x => x.Service, x => new ServiceTemplate(
            RootDirectory / "build" / "Catalog" / "templates", x.Service, x.ByRelease));
}
