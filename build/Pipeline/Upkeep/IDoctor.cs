using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Checkup;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Indexes;
using OpenStack.Network;
using OpenStack.Oci;
using OpenStack.Packages;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Publication;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Sources;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Upkeep;

/// <summary>All that a build uses, tried before it is.</summary>
interface IDoctor : IHazScope, IHazSources, IHazInputs, IHazRegistry, IHazSigner
{
    /// <summary>Nothing takes as long that answers at all.</summary>
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    Target Doctor => _ => _
        .Description("Tries what a build with the same parameters would use, each for itself, and changes nothing: "
            + "engine, disk, git, indexes, archives of packages, registries, cosign, certificates, proxies, clock")
        .TryBefore<IResolveRefs>(x => x.ResolveRefs)
        .TryBefore<IBuildBase>(x => x.BuildBase)
        .Executes(async () =>
        {
            using var client = new HttpClient(TlsTrust.NewHandler());
            using var registries = new RegistryClients { Retry = new RegistryRetry(budget: TimeSpan.FromSeconds(2)) };
            var report = await CheckReport.RunAsync([.. Checks(new NetworkChecks(client), registries)], s_patience);
            AtomicFile.WriteText(ArtifactsDirectory / "doctor.json", report.ToJson());
            Results.Table("Doctor", report.Table, x => x[0] == CheckReport.Word(CheckState.Bad));
            Log.Information("The same is in {File}", "artifacts/doctor.json");
            ReportSummary(x => x.AddPair("Found", report.Summary));
            ProblemException.ThrowIfAny(report.Problems);
        });

    IEnumerable<Check> Checks(NetworkChecks network, RegistryClients registries) =>
    [
        new("engine", async x => CheckResult.Good($"{DockerProgram} {(await Engine.DescribeAsync(x)).Version}")),
        new("builder", async x => CheckResult.Good(await Buildx.DescribeAsync(x))),
        .. DiskChecks,
        new("certificates", _ => Task.FromResult(MachineChecks.Authorities(
            CaBundle is null ? null : Network.CaBundle.Read(CaBundle), Network.CaBundle.OfMachine(),
            DateTimeOffset.UtcNow))),
        new("proxies", _ => Task.FromResult(MachineChecks.Proxies(Environment.GetEnvironmentVariable))),
        .. Each("git", () => Remotes, x => new($"git: {x}", y => RemoteAsync(x, y))),
        .. Hermetic ? [] : OnlineChecks(network, registries),
        new("clock", x => Hermetic ? Task.FromResult(CheckResult.Unknown("nobody is asked (--hermetic)"))
            : network.ClockAsync(ServerWithClock, x)),
        new($"registry: push to {PublicationNamespace}", async x =>
        {
            var place = PublishedAs(ServicesInScope[0].Component);
            await registries.Of(place.Registry).RequirePushAsync(place.Repository, x);
            return CheckResult.Good("an upload can begin");
        })
        {
            IsOptional = !IsPlanned(nameof(IPush.Push)),
        },
        new("cosign", async x =>
        {
            await CosignProgram.RequireAsync(x);
            return CheckResult.Good($"it is there, and signs as {Signer.Name}");
        })
        {
            IsOptional = !IsPlanned(nameof(ISign.Sign)),
        },
    ];

    bool IsPlanned(string target) => ExecutionPlan.Any(x => x.Name == target);

    IEnumerable<Check> DiskChecks =>
    [
        new("disk: artifacts", _ => Task.FromResult(MachineChecks.Disk(ArtifactsDirectory))),
        // That of an engine elsewhere is nobody's to see.
        new("disk: engine", async x => await Engine.DescribeAsync(x) is var (_, directory)
            && Directory.Exists(directory) ? MachineChecks.Disk(directory)
            : CheckResult.Unknown("the engine keeps its images where this machine does not see them")),
    ];

    IEnumerable<Check> OnlineChecks(NetworkChecks network, RegistryClients registries) =>
    [
        .. Wheelhouse is not null
            ? [new("index", _ => Task.FromResult(WheelhouseState()))]
            : Each("index", () => IndexesInOrder, x => new($"index: {x.Index}",
                y => network.IndexAsync(x.Index, x.IsLast, y))),
        .. Each("apt", () => AptSuites, x => new($"apt: {x.Uri} {x.Suite}", y => network.SuiteAsync(x, FileMirrors,
            AptAuth is null ? "" : File.ReadAllText(AptAuth), y))),
        .. new[] { BaseImages.PythonBase, BaseImages.VenvBuilder }.Select(x => new Check($"registry: {x} starts from",
            y => ExternalAsync(x, registries, y))),
    ];

    IReadOnlyList<(PackageIndex Index, bool IsLast)> IndexesInOrder
    {
        get
        {
            var all = PackageIndexes;
            return [.. all.Select((x, i) => (x, i == all.Count - 1))];
        }
    }

    CheckResult WheelhouseState() => Directory.Exists(Wheelhouse)
        ? CheckResult.Good($"none is asked: distributions come from {Wheelhouse}")
        : new CheckResult(CheckState.Bad, $"{Wheelhouse} is not there", "Correct --wheelhouse, or leave it out");

    async Task<CheckResult> ExternalAsync(string image, RegistryClients registries, CancellationToken cancellation)
    {
        if (DirectoryInsteadOf(image) is { } directory) return Directory.Exists(directory)
            ? CheckResult.Good($"{directory}")
            : new CheckResult(CheckState.Bad, $"{directory} is not there",
                image == BaseImages.PythonBase ? "Correct --base-image" : "Correct --uv-image");
        var source = Mirrors.SourceOf(RegistryReference.ParseFamiliar(InsteadOf(image) ?? ExternalNameOf(image)));
        return await NetworkChecks.ImageAsync(registries.Of(source.Place.Registry), source.Place, cancellation);
    }

    /// <summary>One repository of each place that what is selected comes from.</summary>
    IReadOnlyList<string> Remotes
    {
        get
        {
            UseGitMirror();
            return [.. Scope.Select(RequestOf).Where(x => x.LocalTree is null).Select(x => x.Remote)
                .GroupBy(x => x[..x.LastIndexOf('/')]).Select(x => x.First())];
        }
    }

    static async Task<CheckResult> RemoteAsync(string remote, CancellationToken cancellation)
    {
        var result = await new Git { Remote = remote }.Command("ls-remote", "--quiet", "--exit-code", remote, "HEAD")
            .RunAsync(cancellation);
        return result.Succeeded ? CheckResult.Good("it answers")
            : new CheckResult(CheckState.Bad, result.Tail(2),
                WallRemedy.For(result.Error) ?? "Name a mirror with --git-mirror, or correct --git-base");
    }

    /// <summary>What builds take packages from: what is given, or what the base image has; none where nobody
    /// knows.</summary>
    IReadOnlyList<AptSource> AptSuites => AptSources is not null
        ? [.. AptSource.Parse(File.ReadAllText(AptSources)).Distinct()]
        : BaseSources ?? [];

    /// <summary>Those of the base image, where it lies here; null where nobody knows.</summary>
    IReadOnlyList<AptSource>? BaseSources
    {
        get
        {
            if (DirectoryInsteadOf(BaseImages.PythonBase) is not { } place || !Directory.Exists(place)) return null;
            var layout = ImageReference.OfDirectory(place, Platforms[0]).Layout!;
            var tree = ImageTree.Read(layout, layout.ReadManifest(),
                x => x.StartsWith("etc/apt/sources.list", StringComparison.Ordinal));
            return
            [
                .. tree.Files("etc/apt").Where(x => x.File.Content is not null)
                    .SelectMany(x => AptSource.Parse(System.Text.Encoding.UTF8.GetString(x.File.Content!))).Distinct(),
            ];
        }
    }

    Uri ServerWithClock => Wheelhouse is null ? PackageIndexes[^1].Url : new Uri(GitBase);

    /// <summary>A check of each of some things; or one that says why nobody knows which they are.</summary>
    static IReadOnlyList<Check> Each<T>(string subject, Func<IReadOnlyList<T>> things, Func<T, Check> check)
    {
        try
        {
            return things() is { Count: > 0 } some ? [.. some.Select(check)]
                : [new(subject, _ => Task.FromResult(CheckResult.Unknown("there is nothing to ask")))];
        }
        catch (ProblemException e)
        {
            return [new(subject, _ => throw e)];
        }
    }
}
