using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Notes;
using OpenStack.Oci;
using OpenStack.Pipeline.Images;
using OpenStack.Pipeline.Selection;
using OpenStack.Pipeline.SupplyChain;
using Serilog;

namespace OpenStack.Pipeline.Publication;

/// <summary>Two images → what the second one brings.</summary>
interface IReleaseNotes : IHazTo, IHazNotes
{
    Target ReleaseNotes => _ => _
        .Description("Tells what one image brings that another has not, --from and --to (tags or digests of --service, "
            + "images, SBOMs), or the selected images that those published for their release have not: commits of "
            + "upstream, patches, packages, size")
        .TryAfter<ISbom>(x => x.Sbom)
        .Executes(async () =>
        {
            foreach (var (from, to, directory) in ImagesToNote)
            {
                var notes = await NotesAsync(from, to, to);
                foreach (var line in NotesText.Lines(notes)) Console.WriteLine(line);
                Write(notes, directory);
                Log.Information("The same is in {Json} and {Markdown}", ShownAs(directory / NotesFile),
                    ShownAs(directory / NotesPage));
                ReportSummary(x => x.AddPair("Brings", NotesText.Summary(notes)));
            }
        });

    /// <exception cref="ProblemException">One of two is missing, or a tag of nothing.</exception>
    IReadOnlyList<(string From, string To, AbsolutePath Directory)> ImagesToNote =>
        NamesImages
            ? Compared is var (from, to) ? [(Named(from), Named(to), ArtifactsDirectory)] : []
            : [.. RequireServices(nameof(ReleaseNotes)).Select(x => ($"{PublishedAs(x.Component)}:{x.Release.Name}",
                (string)Inputs.Require(BuiltImage.Of(x).LayoutDirectory, nameof(IBuildService.BuildService)),
                x.Directory))];

    /// <summary>An image in full, that may be a tag or digest of the one service that is selected.</summary>
    string Named(string image)
    {
        if (image.Contains('/') || Path.Exists(Path.GetFullPath(image, EnvironmentInfo.WorkingDirectory))) return image;
        var services = Service is [] or [BaseImages.PythonBase] ? Service
            : ServicesOf(Service, ["all"]).Select(x => x.Component).Distinct().ToArray();
        if (services is not [var service])
            throw new ProblemException(new Problem($"'{image}' is not there, and no --service says what it is a tag of",
                Expected: "a tag or digest with one --service, an image, or its SBOM"));
        var published = PublishedAs(service);
        return $"{(OciDigest.Is(image) ? published with { Digest = image } : published with { Tag = image })}";
    }
}
