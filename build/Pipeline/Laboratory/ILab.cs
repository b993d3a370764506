using Nuke.Common;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Lab;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Publication;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Pipeline.SupplyChain;

namespace OpenStack.Pipeline.Laboratory;

/// <summary>
/// The laboratory: an engine, a registry, a base image, git repositories and wheels made from the host's own Debian
/// mirror, for a machine without Docker or internet. <c>--profile lab</c> points every other parameter at it.
/// </summary>
interface ILab : IHazImages, IHazCatalog
{
    [Parameter("Brings up the laboratory before anything else; set by --profile lab")]
    bool Lab => TryGetValue<bool?>(() => Lab) ?? false;

    OpenStack.Lab.Laboratory Laboratory =>
        new(TemporaryDirectory / "lab", RootDirectory / "build" / "Lab" / "data", Run.Watch);

    Target LabUp => _ => _
        .Description("Provisions what the laboratory lacks and starts its engine and registry")
        .OnlyWhenStatic(() => Lab)
        .TryDependentFor<IResolveRefs>(x => x.ResolveRefs)
        .TryDependentFor<ICheckPatches>(x => x.CheckPatches)
        .TryDependentFor<IBuildBase>(x => x.BuildBase)
        .TryDependentFor<IVerify>(x => x.Verify)
        .Executes(() => Laboratory.UpAsync(Demand));

    /// <exception cref="ProblemException">This run does without it.</exception>
    void RequireLab()
    {
        if (!Lab) throw new ProblemException("These tests wait for the laboratory", "Run them with --profile lab");
    }

    /// <summary>
    /// What the targets to come need: of the services that are named, of all where none is. A library may be built from
    /// source in any release, or by <c>--ref</c>.
    /// </summary>
    LabDemand Demand
    {
        get
        {
            var demand = new LabDemand(Platforms) { Signs = Signs, Tests = TestsSource };
            if (Service.Length == 0)
                return RunsLongTests ? demand with { Natives = NativesOf(Catalog.Services) } : demand;
            if (Service.Contains("all")) return demand with { Natives = NativesOf(Catalog.Services) };
            var services = Service.Where(x => x != BaseImages.PythonBase).ToList();
            // A release need not be selected: the laboratory is the same for all.
            var named = this is IHazSelection selection
                ? selection.Ref.Concat(selection.Source).Select(x => x.Split('=')[0]) : [];
            var images = (services.Count > 0 ? Catalog.SelectServices(services) : []).Union(ServicesBesides)
                .ToLookup(Catalog.KindOf);
            return demand with
            {
                Services = [.. images[ImageKind.Python].Distinct()],
                Libraries =
                [
                    .. Catalog.Releases.Values.SelectMany(x => x.SourceRefs.Keys).Concat(named)
                        .Except(Catalog.Services).Where(x => Catalog.KindOf(x) == ImageKind.Python),
                ],
                Natives = NativesOf(images[ImageKind.Native]),
            };
        }
    }

    /// <summary>
    /// Those of some services that are no Python distributions, what they are built from, and whatever is from the same
    /// repositories.
    /// </summary>
    IReadOnlyList<string> NativesOf(IEnumerable<string> services)
    {
        var natives = services.Where(x => Catalog.KindOf(x) == ImageKind.Native).ToList();
        var named = natives.Union(Catalog.Releases.Values.SelectMany(x =>
            natives.SelectMany(y => x.PackagesOf(y).Plugins))).ToList();
        var refs = Catalog.Releases.Values.SelectMany(x => x.SourceRefs.Values).ToList();
        var places = refs.Where(x => named.Contains(x.Component)).Select(x => x.Url).OfType<string>().ToHashSet();
        return [.. named.Union(refs.Where(x => x.Url is { } url && places.Contains(url)).Select(x => x.Component))];
    }

    /// <summary>Whether upstream's own tests are to be run.</summary>
    bool TestsSource => RunsTests || ScheduledTargets.Any(x => x.Member.DeclaringType == typeof(ITestSource));

    /// <summary>Whether the tests of the build itself are to come, which need whatever any target does.</summary>
    bool RunsTests => RunsLongTests || ScheduledTargets.Any(x => x.Name is "TestLab" or "TestReal");

    bool RunsLongTests => ScheduledTargets.Any(x => x.Name == "TestLong");

    /// <summary>
    /// Whether a target is to come that signs, verifies or tests, or the laboratory was asked for by itself.
    /// </summary>
    bool Signs => RunsTests || InvokedTargets.Any(x => x.Name == nameof(LabUp)) || ScheduledTargets.Any(x =>
        x.Member.DeclaringType!.IsAssignableTo(typeof(IHazCosign)));
}

/// <summary>Ends the laboratory.</summary>
interface ILabDown : ILab
{
    Target LabDown => _ => _
        .Description("Stops the laboratory's engine and registry; what was provisioned stays")
        .Executes(() => Laboratory.DownAsync());
}

/// <summary>Removes the laboratory.</summary>
interface ILabClean : ILab
{
    Target LabClean => _ => _
        .Description("Stops the laboratory and removes everything it made")
        .Executes(() => Laboratory.CleanAsync());
}
