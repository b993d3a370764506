using System.Diagnostics;
using System.Globalization;
using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Publication;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;
using OpenStack.Updates;
using Serilog;

namespace OpenStack.Pipeline.Upkeep;

/// <summary>Published images → those that nobody needs any more.</summary>
interface IPrune : IHazCatalog, IHazRegistry, IHazGitHub, IHazRetention
{
    [Parameter("The most manifests that one run removes - Default is 500")]
    int RemoveAtMost => TryGetValue<int?>(() => RemoveAtMost) ?? 500;

    Target Prune => _ => _
        .Description("Lists the published builds that are old and that no kept tag needs; removes them with --remove")
        .Executes(async () =>
        {
            var watch = Stopwatch.StartNew();
            using var client = OpenRegistry();
            var removal = Remove ? RemovalFrom(client) : null;
            var plans = await PlanAsync(client);
            foreach (var plan in plans) Results.Table(plan.ToString(), plan.Table);
            var count = plans.Sum(x => x.Expendable.Count);
            Log.Information("{Count} of {All} manifests behind {Tags} tags may go ({Time} s)", count,
                plans.Sum(x => x.Count), plans.Sum(x => x.Tags.Count),
                watch.Elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
            if (removal is null) ReportSummary(x => x.AddPair("Would be removed", $"{count} manifests"));
            else await RemoveAsync(plans, client, removal);
        });

    async Task<IReadOnlyList<RetentionPlan>> PlanAsync(RegistryClient client)
    {
        var rule = new RetentionRule(KeepDays, KeepBuilds, DateTimeOffset.UtcNow, await CommitDatesAsync());
        var selected = Catalog.Select(Service.Length > 0 ? Service : ["all"], ["all"]);
        var services = selected.Select(x => x.Service).Distinct().ToList();
        var plans = new List<RetentionPlan>();
        async Task AddAsync(string image, IReadOnlySet<string> needed) =>
            plans.Add(await RetentionPlan.OfAsync(client, PublishedAs(image).Repository, rule, needed));

        foreach (var service in services) await AddAsync(service, new HashSet<string>());
        // Only where all images were looked at is it known which bases they are built on.
        if (services.Count == Catalog.Services.Count)
            await AddAsync(BaseImages.PythonBase, plans.SelectMany(x => x.Bases).ToHashSet());
        // A repository that is not there has no tags, and a wrong name would keep everything for ever.
        return plans.Any(x => x.Tags.Count > 0) ? plans
            : throw new ProblemException($"nothing is published at {PublicationNamespace}: none of "
                + $"{string.Join(", ", plans.Select(x => x.Repository))} has a tag",
                "Check --registry and --push-to, or run Push first");
    }

    /// <summary>As far as that can be: what cannot be removed does not keep the rest from it.</summary>
    async Task RemoveAsync(
        IReadOnlyList<RetentionPlan> plans, RegistryClient client, IManifestRemoval removal)
    {
        if (plans.Sum(x => x.Expendable.Count) is var count && count > RemoveAtMost)
            throw new ProblemException($"{count} manifests are more than one run may remove",
                $"See whether the list is right, then say --remove-at-most {count}");
        var report = new RemovalReport();
        try
        {
            foreach (var plan in plans) await plan.ApplyAsync(client, removal, report);
        }
        catch (ProblemException e)
        {
            report.Add(e.Problems);
        }

        ReportSummary(x => x.AddPair("Removed", report));
        ProblemException.ThrowIfAny(report.Problems);
    }

    static IManifestRemoval RemovalFrom(RegistryClient client) =>
        client.Registry != RegistryReference.GitHub ? new RegistryRemoval(client)
        : GitHubToken is { } token
            ? new GitHubPackageRemoval(OpenGitHub(token), new GitHubRetry(), TimeSpan.FromSeconds(1))
        : throw new ProblemException($"{client.Registry} removes nothing without a token for GitHub's REST API",
            "Set GITHUB_TOKEN to one with read:packages and delete:packages");

    /// <summary>Of all branches that this clone has.</summary>
    async Task<IReadOnlyDictionary<string, DateTimeOffset>> CommitDatesAsync()
    {
        var repository = new OwnRepository(RootDirectory / ".git");
        await repository.HeadAsync("How old a build is, its commits say");
        var log = await repository.Git.Command("log", "--all", "--format=%H %ct").RequireAsync();
        return log.Lines.Select(x => x.Split(' '))
            .DistinctBy(x => x[0])
            .ToDictionary(x => x[0],
                x => DateTimeOffset.FromUnixTimeSeconds(long.Parse(x[1], CultureInfo.InvariantCulture)));
    }
}
