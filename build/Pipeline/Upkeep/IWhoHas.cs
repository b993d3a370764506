using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Holdings;
using OpenStack.Oci;
using OpenStack.Pipeline.Publication;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.Sources;
using OpenStack.Storage;
using OpenStack.Updates;
using Serilog;

namespace OpenStack.Pipeline.Upkeep;

/// <summary>A package or a change → the images that have it, and those that lack it.</summary>
interface IWhoHas : IHazScope, IHazSboms, IHazSources, IHazFrom, IHazFailWhen
{
    [Parameter("WhoHas: package that is asked for, by its name or purl, as in 'oslo.messaging' or "
        + "'pkg:deb/debian/openssl'")]
    string? Package => TryGetValue(() => Package);

    [Parameter("WhoHas: versions of --package, as in '<16.1.1' or '>=3.0,<3.0.17-1', in the order of its kind "
        + "- Default is all")]
    string? Version => TryGetValue(() => Version);

    [Parameter("WhoHas: vulnerability whose fix is asked for, as patches name it: 'CVE-2026-12345', 'OSSA-2026-001'")]
    string? Cve => TryGetValue(() => Cve);

    [Parameter("WhoHas: patch that is asked for, by its Change-Id, the name of its file or its digest")]
    string? Patch => TryGetValue(() => Patch);

    [Parameter("WhoHas: commit of upstream that is asked for, or the beginning of its id")]
    string? Commit => TryGetValue(() => Commit);

    Target WhoHas => _ => _
        .Description("Tells which images have a package (--package, --version) or a change (--cve, --patch, --commit), "
            + "and which lack what others have: by the SBOMs of all that is published, of the tags of --release, or "
            + "of a directory (--from)")
        .Executes(async () =>
        {
            OutdatedPolicies.Check(FailWhen);
            var question = AskedQuestion;
            var images = await ImagesAskedAsync(question);
            // The mirrors that there are here: nothing is fetched.
            var mirrors = MirrorsByRemote(isOffline: true);
            var answers = await new HoldingSearch(new RefHistory(x => mirrors.GetValueOrDefault(x)))
                .AnswerAsync(question, images.Found);
            Tell(HoldingReport.Of(question, images, answers));
        });

    void Tell(HoldingReport report)
    {
        AtomicFile.WriteText(ArtifactsDirectory / "who-has.json", report.ToJson());
        Results.Table($"Who has {report.Asked}", report.Table);
        Log.Information("{Summary}; the same is in {File}", report.Summary, "artifacts/who-has.json");
        ReportSummary(x => x.AddPair("Images", report.Summary));
        ProblemException.ThrowIfAny([.. FailWhen.SelectMany(x => x switch
        {
            OutdatedPolicy.Found => report.ProblemsOf(HoldingState.Has),
            OutdatedPolicy.Lacking => report.ProblemsOf(HoldingState.Lacks),
            OutdatedPolicy.Unknown => report.ProblemsOf(HoldingState.Unknown),
            _ => [],
        })]);
    }

    /// <exception cref="ProblemException">Nothing is asked, or too much.</exception>
    Question AskedQuestion => Question.Of(Package, Version, new Dictionary<string, Func<Change>?>
    {
        ["--cve"] = Cve is { } cve ? () => Change.OfVulnerability(cve) : null,
        ["--patch"] = Patch is { } patch ? () => Change.OfPatch(patch) : null,
        ["--commit"] = Commit is { } commit ? () => Change.OfCommit(commit) : null,
    });

    async Task<ImageHoldings> ImagesAskedAsync(Question question)
    {
        var images = new ImageHoldings(question);
        if (From is { } from)
        {
            await images.AddWrittenAsync(Path.GetFullPath(from, EnvironmentInfo.WorkingDirectory), from,
                MemoryOf("written"));
            return images;
        }

        if (!HasTrust)
            Log.Warning("Nobody says whose SBOMs count, so that any does: give --verification-key, or an identity");
        var sboms = await AttachedSbomsAsync();
        var trust = HasTrust ? $"{Trust}" : "";
        var memory = MemoryOf(Digest.OfText(trust)["sha256:".Length..][..12]);
        using var client = OpenRegistry();
        await Parallel.ForEachAsync(RepositoriesAsked, async (x, _) =>
            await images.AddPublishedAsync(client, x, sboms, memory));
        if (images.Found.Count + images.Unknown.Count == 0)
            throw new ProblemException($"nothing is published below {PublicationNamespace}",
                "Check --registry or --push-to, or give --from, a directory of SBOMs");
        return images;
    }

    /// <param name="kind">What it is of: whose SBOMs counted, or documents that nobody signs.</param>
    HeldMemory MemoryOf(string kind) => new(TemporaryDirectory / "holdings" / kind);

    /// <summary>All tags of the services, or those that are called after the releases that are selected.</summary>
    IReadOnlyList<RegistryReference> RepositoriesAsked => Release.Length == 0
        ? [.. ServicesInScope.Select(x => x.Component).Distinct().Select(PublishedAs)]
        : [.. ServicesInScope.Select(x => PublishedAs(x.Component) with { Tag = x.Release.Name })];
}
