using System.Diagnostics;
using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.SupplyChain;
using OpenStack.Signing;
using OpenStack.Storage;
using Serilog;

namespace OpenStack.Pipeline.Publication;

/// <summary>Signed images → a registry.</summary>
interface IPush : ISign, IHazNotes, IHazDryRun
{
    const string BundlesFile = "bundles.json";

    Target Push => _ => _
        .Description("Publishes the selected images and their base with their signatures and with what they bring "
            + "that what their tags led to has not, and then, all at once, their tags")
        .DependsOn<ISign>(x => x.Sign)
        .Executes(async () =>
        {
            if (!DryRun) RefusePullRequests();
            var images = Each(Images, x => x.Service, ToPublish);
            using var client = OpenRegistry(toPush: true);
            if (DryRun) await TellAsync(client, images);
            else await PublishAsync(client, await WithNotesAsync(client, images));
        });

    async Task TellAsync(RegistryClient client, IReadOnlyList<PublishedImage> images)
    {
        Log.Information("What would be published to {Namespace}", PublicationNamespace);
        foreach (var plan in await PublicationPlan.OfAsync(client, images))
            Report($"{plan.Image} {plan.Image.Repository}@{plan.Image.Layout.Digest}", plan.Lines);
    }

    async Task PublishAsync(RegistryClient client, IReadOnlyList<PublishedImage> images)
    {
        Log.Information("Publishing to {Namespace}", PublicationNamespace);
        var watch = Stopwatch.StartNew();
        var results = await new Oci.Publication(client).RunAsync(images);
        Results.Table($"Published in {watch.ElapsedMilliseconds} ms", PublicationReport.Of(results));
        ReportSummary(x => x.AddPair("Published", PublicationReport.Summary(results, client.Retries)));
    }

    async Task<IReadOnlyList<PublishedImage>> WithNotesAsync(
        RegistryClient client, IReadOnlyList<PublishedImage> images)
    {
        var noted = new List<PublishedImage>();
        foreach (var (built, image) in Images.Zip(images))
            noted.Add(image with { Bundles = [.. await NotesOfAsync(client, built, image), .. image.Bundles] });
        return noted;
    }

    /// <summary>
    /// What says what an image brings. Not everything may be had that it takes: that is no mistake of the image, and
    /// nothing is published less for it.
    /// </summary>
    async Task<IReadOnlyList<AttachedBundle>> NotesOfAsync(RegistryClient client, BuiltImage built,
        PublishedImage image)
    {
        var tag = built.Service?.Release.Name ?? OpenStack.Images.ImageTags.Newest;
        if (!image.Tags.Any(x => x.Name == tag && x.Mutable)) return [];
        try
        {
            var former = (await client.HeadManifestAsync(image.Repository, tag))?.Digest;
            if (former is null) Log.Information("{Image} is the first that is published as {Tag}", image, tag);
            return former is null ? [] : await NotesSinceAsync(built, image, former);
        }
        catch (ProblemException e)
        {
            Log.Warning("What {Image} brings is not attached: {Problem}", image, e.Problems[0].Found);
            return [];
        }
    }

    /// <param name="former">What its tag leads to: once it is published itself, what was said of it stays.</param>
    async Task<IReadOnlyList<AttachedBundle>> NotesSinceAsync(BuiltImage built, PublishedImage image, string former)
    {
        var (directory, root, name) = (built.NotesDirectory, image.Layout.Root, PublishedAs(built.Name).Name);
        var inputs = new StageInputs().Add("to", $"{name}@{root.Digest}").Add("signer", Signer.Name);
        var stage = new Stage(directory, inputs);
        if (former == root.Digest)
            return File.Exists(stage.InputsFile)
                && StageInputs.Read(stage.InputsFile).Values.GetValueOrDefault("to") == inputs.Values["to"]
                ? AttachedBundle.ReadAll(directory / BundlesFile) : [];
        inputs.Add("from", former);
        await stage.MakeAsync(async aside =>
        {
            Write(await NotesAsync($"{name}@{former}", built.LayoutDirectory, inputs.Values["to"]), aside);
            AttachedBundle.WriteAll(aside / BundlesFile, await (await SignerAsync()).SignAsync([new Attestation(root,
                image.Layout.Blob(root.Digest), PredicateTypes.ReleaseNotes, aside / NotesFile, "release-notes")],
                aside));
        });
        Log.Information("{Image} has {File} attached", image, ShownAs(directory / NotesPage));
        return AttachedBundle.ReadAll(directory / BundlesFile);
    }

    PublishedImage ToPublish(BuiltImage image)
    {
        var tags = image.ReadTags().Tags;
        // Nobody would find what has none.
        if (tags.Length == 0)
            throw new ProblemException(new Problem("has no tag to publish", image.TagsFile,
                Remedy: $"Run the target {nameof(Tags)} first"));
        return new PublishedImage(
            image.ToString(),
            image.Open(),
            PublishedAs(image.Name).Repository,
            AttachedBundle.ReadAll(Inputs.Require(image.SignaturesDirectory / BundlesFile, nameof(Sign))),
            [.. tags.Select(x => new PublishedTag(x.Name, x.Mutable))],
            image.PublishedFile);
    }

    /// <summary>
    /// A pull request may hold anything; what it builds is nobody's to publish, whatever the workflow says.
    /// </summary>
    static void RefusePullRequests()
    {
        if (Environment.GetEnvironmentVariable("GITHUB_EVENT_NAME") is "pull_request" or "pull_request_target")
            throw new ProblemException("A pull request publishes nothing",
                "Use --dry-run, or leave out the target Push");
    }

    static void Report(string title, IReadOnlyList<string> lines)
    {
        Log.Information("{Title}", title);
        foreach (var line in lines) Log.Information("  {Line}", line);
    }
}
