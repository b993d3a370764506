using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Answers;
using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Publication;
using OpenStack.Pipeline.Selection;
using OpenStack.Sources;

namespace OpenStack.Pipeline.Reports;

/// <summary>What there is → a list of it.</summary>
interface IList : IHazScope, IHazAnswer, IHazRegistry, ITags
{
    [Parameter("Asks the registry, too, what is published; without it, nobody is asked")]
    bool Published => TryGetValue<bool?>(() => Published) ?? false;

    Target List => _ => _
        .Description("Lists all images, or those selected, by what is here: ref, kind, version, patches, tags, series, "
            + "and whether they are built; builds nothing")
        .TryAfter<IBuildService>(x => x.BuildService)
        .TryAfter<IPush>(x => x.Push)
        .Executes(async () =>
        {
            var services = RequireServices(nameof(List), ServicesInScope);
            using var registry = Published ? OpenRegistry() : null;
            var known = new Known(services.Select(x => x.Release.Name).Distinct().ToDictionary(x => x, ReadLock),
                await new Facts().FindAsync("", BuildRevisionAsync), registry);
            var list = new ImageList(await Task.WhenAll(services.Select(x => DescribeAsync(x, known))));
            Answer(Json ? list.ToJson() : list.Text);
            Results.Page(() => $"### Images\n\n{list.Table.Markdown}");
            ReportSummary(x => x.AddPair("Images", list.Summary));
        });

    async Task<ListedImage> DescribeAsync(Workspace service, Known known)
    {
        var facts = new Facts();
        var request = RequestOf(service);
        ResolvedRef Resolve() => ResolvedOf(service, known.Recorded[service.Release.Name]);
        var resolved = facts.Find("commit", Resolve) ?? facts.Find("refKind", Resolve);
        var origin = new Lazy<ImageOrigin>(() => PatchedOriginOf(service, Resolve()));
        return new ListedImage(service.Component, service.Release.Name, Catalog.KindOf(service.Component),
            request.LocalTree?.ToString() ?? request.Ref)
        {
            RefKind = resolved?.Kind,
            Commit = resolved?.Revision,
            Version = facts.Find("version", () => origin.Value.Source.Source.Version),
            Status = facts.Find("status", () => StatusOf(service.Release)),
            Patches = [.. LibrariesOf(service).Prepend(service).SelectMany(PatchesOf)],
            Repository = RepositoryName.Of(RepositoryName.Namespace(Registry), service.Component),
            Tags = facts.Find("tags", () => TagsOf(origin.Value, known.Build)),
            Digest = BuiltImage.Of(service) is { IsBuilt: true } image ? facts.Find("digest", () => image.Open().Digest)
                : null,
            PublishedDigest = await facts.FindAsync("publishedDigest", () => PublishedOf(service, known.Registry)),
            NotKnown = facts.NotKnown,
        };
    }

    string StatusOf(Release release) => release.On(Today) is { } phase ? SeriesStatuses.WordOf(phase.Status)
        : throw new ProblemException(new Problem("nobody has recorded it",
            $"releases/{release.Name}/{SeriesFile.Name}", Remedy: "Update does"));

    IEnumerable<string> PatchesOf(Workspace component) => SeriesOf(component) is var series
        ? series.Files.Select(x => series.Label(x)) : [];

    static IReadOnlyList<string> TagsOf(ImageOrigin origin, BuildRevision? build) => build is null
        ? throw new ProblemException("tags name a commit, and this is no git repository that has one")
        : [.. ImageTags.Of(origin.Tagged, origin.Of(build)).Select(x => x.Name)];

    async Task<string?> PublishedOf(Workspace service, RegistryClient? registry) => registry is null
        ? throw new ProblemException("nobody was asked", "--published asks the registry")
        : (await registry.HeadManifestAsync(PublishedAs(service.Component).Repository, service.Release.Name))?.Digest;

    /// <summary>What the image is, or would be, built from.</summary>
    /// <exception cref="ProblemException">It is not known before a stage has run.</exception>
    ImageOrigin PatchedOriginOf(Workspace service, ResolvedRef resolved)
    {
        if (!File.Exists(service.SealedFile) || !SealedStageOf(service).IsUpToDate
            || SealedOf(service).Source.Source is var patched && patched.Revision != resolved.Revision)
            throw new ProblemException("only its source says it, which is not here with the patches that it has now",
                "Run the target Patch");
        return OriginOf(service);
    }

    /// <summary>What all images of a list have in common.</summary>
    /// <param name="Recorded">What is recorded of tags, by release.</param>
    /// <param name="Build">What images are tagged as builds of; null where this is no repository.</param>
    /// <param name="Registry">What is asked for what is published; null where nobody is.</param>
    sealed record Known(IReadOnlyDictionary<string, RefLock> Recorded, BuildRevision? Build, RegistryClient? Registry);
}
