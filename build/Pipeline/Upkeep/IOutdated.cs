using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Catalog;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Indexes;
using OpenStack.Network;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Publication;
using OpenStack.Sources;
using OpenStack.Updates;
using OpenStack.Workflows;
using Serilog;

namespace OpenStack.Pipeline.Upkeep;

/// <summary>What is pinned → how far it is behind upstream.</summary>
interface IOutdated : IHazUpstream, IHazImages, IHazFailWhen
{
    [Parameter("What Outdated looks at: 'series', 'refs', 'constraints', 'python', 'images', 'actions' "
        + "- Default is all of them")]
    Subject[] Only => TryGetValue(() => Only) ?? Enum.GetValues<Subject>();

    [Parameter("Where the repositories of actions and of ghcr.io's images are - Default is 'https://github.com'")]
    string GitHubBase => (TryGetValue(() => GitHubBase) ?? "https://github.com").TrimEnd('/');

    /// <summary>The actions that workflows use.</summary>
    IReadOnlyList<PinnedAction> Actions =>
        [.. ActionPins.Read(RootDirectory).All.Select(x => new PinnedAction(x.Name, x.Version, x.Sha))];

    /// <summary>
    /// The digest that the tag of an image has in its registry, or in the mirror of that, now; null where there is no
    /// such tag.
    /// </summary>
    Task<string?> DigestOfAsync(string image) =>
        Mirrors.SourceOf(RegistryReference.ParseFamiliar(image)).FindAsync(async x =>
        {
            using var client = IHazRegistry.Open(Run.Watch, x.Registry);
            return (await client.HeadManifestAsync(x.Repository, x.DigestOrTag))?.Digest;
        });

    Target Outdated => _ => _
        .Description("Tells which refs, constraints, Python pins, images and actions are behind upstream, and "
            + "which releases have ended")
        .Executes(async () =>
        {
            OutdatedPolicies.Check(FailWhen);
            UseGitMirror();
            var survey = new Survey();
            await SurveyAsync(new RefResolver(MirrorsDirectory), survey);
            if (survey.Report.Findings.Count == 0 && survey.Problems.Count == 0)
                throw new ProblemException("nothing was looked at: there is no "
                    + $"{string.Join(" or ", Only.Select(FindingWords.Of))} in what is selected",
                    "Leave out --only, --service or --release");
            Tell(survey.Report);
            ProblemException.ThrowIfAny([
                .. survey.Problems,
                .. OutdatedPolicies.Violations(survey.Report.Findings, FailWhen),
            ]);
        });

    void Tell(OutdatedReport report)
    {
        report.Write(ArtifactsDirectory);
        Console.WriteLine(report.ToText());
        Results.Page(report.ToMarkdown);
        Log.Information("The same is in {Json} and {Markdown}", "artifacts/outdated.json", "artifacts/outdated.md");
        ReportSummary(x => x.AddPair("Outdated", report.Summary()));
    }

    async Task SurveyAsync(RefResolver resolver, Survey survey)
    {
        var releases = Scope.Select(x => x.Release).DistinctBy(x => x.Name).ToList();
        var images = Only.Contains(Subject.Images) ? FindImagesAsync(resolver, survey) : Task.CompletedTask;
        var actions = Only.Contains(Subject.Actions) ? FindActionsAsync(resolver, survey) : Task.CompletedTask;
        var data = Only.Any(x => x is Subject.Series or Subject.Refs or Subject.Constraints)
            ? await ReadReleaseDataAsync(resolver, survey)
            : null;
        if (Only.Contains(Subject.Series)) survey.Add(FindSeries(releases, data?.Series), []);
        var refs = Only.Contains(Subject.Refs) ? FindRefsAsync(resolver, data, survey) : Task.CompletedTask;
        using var client = new HttpClient(TlsTrust.NewHandler()) { Timeout = TimeSpan.FromSeconds(30) };
        var indexes = OpenIndexes(client);
        await Task.WhenAll([images, actions, refs, .. releases.Select(x =>
            FindConstraintsAsync(resolver, x, data?.Series.GetValueOrDefault(x.Name), indexes, survey))]);
    }

    IEnumerable<Finding> FindSeries(IReadOnlyList<Release> releases, IReadOnlyDictionary<string, Series>? upstream)
    {
        foreach (var release in releases) yield return SeriesCheck.Judge(release.Name, release.Series, upstream, Today);
        if (upstream is not null && SeriesCheck.Newer([.. Catalog.Releases.Keys], upstream, Today) is { } newer)
            yield return newer;
    }

    /// <summary>Overrides are compared with the newest upper constraints there are.</summary>
    async Task FindConstraintsAsync(RefResolver resolver, Release release, Series? series, IndexList indexes,
        Survey survey)
    {
        var ours = UpperConstraints.Read(release.UpperConstraintsFile, ShownAs(release.UpperConstraintsFile));
        var upper = ours;
        if (Only.Contains(Subject.Constraints))
        {
            var pinned = new Finding(Subject.Constraints, release.Name, ConstraintsCheck.Repository,
                ConstraintsCheck.File, FindingState.Unknown, File: ShownAs(release.UpperConstraintsFile));
            await survey.LookUpAsync(pinned, async () =>
            {
                var theirs = (await ReadUpstreamConstraintsAsync(resolver, release.Name, series))!;
                upper = theirs.Constraints;
                return ConstraintsCheck.Judge(release.Name, pinned.File!, theirs.Branch, theirs.Commit,
                    ConstraintsCheck.Compare(ours, upper, OverridesOf(release)));
            });
        }

        if (!Only.Contains(Subject.Python)) return;
        var (findings, problems) = await FindPinsAsync(release, upper, indexes, ofBuilds: true);
        survey.Add(findings, problems);
    }

    Task FindImagesAsync(RefResolver resolver, Survey survey)
    {
        var check = new ImageCheck(resolver, GitHubBase, DigestOfAsync,
            ImageReference.RememberedDigests([.. Platforms.Select(ExternalImagesFile)]));
        return Task.WhenAll(
            from dockerfile in Catalog.Images.Select(x => Dockerfile.Read(Catalog.ImageDirectory(x) / "Dockerfile"))
            from name in dockerfile.ExternalImages
            select survey.LookUpAsync(
                new Finding(Subject.Images, null, name, name, FindingState.Unknown, File: ShownAs(dockerfile.File),
                    Line: dockerfile.References[name]),
                () => check.RunAsync(name, ShownAs(dockerfile.File), dockerfile.References[name])));
    }

    Task FindActionsAsync(RefResolver resolver, Survey survey) => Task.WhenAll(Actions.Select(x => survey.LookUpAsync(
        new Finding(Subject.Actions, null, x.Name, x.Version, FindingState.Unknown),
        () => new ActionCheck(resolver, GitHubBase).RunAsync(x, null))));
}
