using System.Diagnostics;
using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.SupplyChain;
using Serilog;

namespace OpenStack.Pipeline.Publication;

/// <summary>Signed images → a registry.</summary>
interface IPush : ISign, IHazRegistry, IHazDryRun
{
    Target Push => _ => _
        .Description("Publishes the selected images and their base with their signatures, and "
            + "then, all at once, their tags")
        .DependsOn<ISign>(x => x.Sign)
        .Executes(async () =>
        {
            if (!DryRun) RefusePullRequests();
            var images = Problems.Collect(Images, ToPublish);
            using var client = OpenRegistry(toPush: true);
            await (DryRun ? TellAsync(client, images) : PublishAsync(client, images));
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
            AttachedBundle.ReadAll(Inputs.Require(image.SignaturesDirectory / "bundles.json", nameof(Sign))),
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
