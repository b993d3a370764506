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

    [Parameter("AddService: 'native' for what is no Python distribution, of the repository at --source-url; its "
        + "Dockerfile builds it - Default is 'python'")]
    string? Kind => TryGetValue(() => Kind);

    [Parameter("AddService: where the repository of the one service is, where that is not below --git-base or has "
        + "another name")]
    string? SourceUrl => TryGetValue(() => SourceUrl);

    Target AddService => _ => _
        .Description("Adds services to all releases, or those of --release; 'all' adds those of OpenStack: refs (the "
            + "newest version of each release, or --ref), packages, entry points, image")
        .Executes(async () =>
        {
            UseGitMirror();
            var resolver = new RefResolver(MirrorsDirectory);
            var releases = Releases.Select(x => x.Name).ToList();
            await (IsNative ? AddNativeAsync(resolver, releases) : AddPythonAsync(resolver, releases));
        });

    async Task AddPythonAsync(RefResolver resolver, IReadOnlyList<string> releases)
    {
        var released = await ReleasedAsync(resolver, releases);
        var wanted = Wanted(released, releases);
        var lookUp = new ServiceLookUp(resolver, MirrorOf, x => SourceUrl ?? RemoteOf(x), released, RefsGiven,
            TemporaryDirectory / "catalog-look-up");
        var found = await Problems.CollectAsync(wanted, async (x, _) => await lookUp.RunAsync(x.Key, x.Value),
            RepositoriesAtOnce);
        Tell(found);
        Edit(x => x.AddServices(TemplatesOf(found)));
        ProblemException.ThrowIfAny([.. found.SelectMany(x => x.Problems)]);
    }

    /// <exception cref="ProblemException">
    /// It is no kind, or the url is given for more than one service, or not at all.
    /// </exception>
    bool IsNative => (Kind ?? "python", SourceUrl) switch
    {
        ("python", not null) when IsAll || Service.Length != 1 => throw new ProblemException(
            "--source-url is the place of one service", "Name it with --service"),
        ("native", not null) or ("python", _) => Kind == "native",
        ("native", null) => throw new ProblemException("nobody says where the repository is",
            "Give --source-url, as in https://github.com/openvswitch/ovs"),
        var (kind, _) => throw new ProblemException(new Problem($"--kind has '{kind}'", Expected: "python, native",
            Remedy: Suggest.DidYouMean(kind, ImageFile.Kinds.Keys))),
    };

    /// <summary>Of what openstack/releases does not know: the ref that is given, or the newest version.</summary>
    async Task AddNativeAsync(RefResolver resolver, IReadOnlyList<string> releases)
    {
        if (Service is not [var service] || IsAll)
            throw new ProblemException("--kind native adds one service", "Name it with --service");
        Edit(x => x.CheckNewService(service, releases), make: false);
        CheckRefs([service]);
        var reference = RefOf(service)
            ?? ((await resolver.RefsAsync(service, SourceUrl!)).FinalVersions is [.., var newest] ? newest.Tag
                : throw new ProblemException($"the repository of {service} has no tag of a version",
                    $"Name a ref: --ref {service}=…"));
        Log.Information("{Service}: {Ref} of {Url}", service, reference, SourceUrl);
        Edit(x => x.AddServices(new Dictionary<string, ServiceTemplate>
        {
            [service] = new(TemplatesDirectory, service, releases.ToDictionary(y => y, _ =>
                new NewComponent(reference, null) { Url = SourceUrl }), ImageKind.Native),
        }));
        Log.Information("What is left to do is marked TODO in images/{Service}, and TestImage counts it", service);
    }

    AbsolutePath TemplatesDirectory => RootDirectory / "build" / "Catalog" / "templates";

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
        found.Where(x => x.ByRelease.Count > 0).ToDictionary(x => x.Service,
            x => new ServiceTemplate(TemplatesDirectory, x.Service,
                x.ByRelease.ToDictionary(y => y.Key, y => y.Value with { Url = SourceUrl })));
}
