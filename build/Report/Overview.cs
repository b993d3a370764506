using Nuke.Common.IO;
using OpenStack.Catalog;
using OpenStack.Diagnostics;

namespace OpenStack.Report;

/// <summary>Everything that a report shows.</summary>
/// <param name="At">When it was read.</param>
/// <param name="Releases">The columns.</param>
/// <param name="Images">Those of the services, by service and release, and those of none.</param>
sealed record Overview(DateTimeOffset At, IReadOnlyList<ReportedRelease> Releases, IReadOnlyList<ReportedImage> Images)
{
    public required IReadOnlyList<RecordedRun> Runs { get; init; }

    /// <summary>Names the file of a run.</summary>
    public required Func<RecordedRun, string> FileOf { get; init; }

    public required Fact<IReadOnlyList<TimedStage>> Stages { get; init; }

    public required Fact<IReadOnlyList<RunState>> States { get; init; }

    /// <summary>What it is read from.</summary>
    public required ReportFiles Files { get; init; }

    public IReadOnlyList<ReportedImage> Built => [.. Images.Where(x => x.Build.IsKnown)];

    /// <summary>Which images have each layer, by digest.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<ReportedImage>> Shares { get; init; }

    /// <summary>The layers of images that are of no release: those that others are built on.</summary>
    public required IReadOnlySet<string> BaseLayers { get; init; }

    /// <summary>What a layer is to an image: of the base, shared with others, or its own.</summary>
    public LayerUse UseOf(ReportedLayer layer) => BaseLayers.Contains(layer.Digest) ? LayerUse.Base
        : Shares[layer.Digest].Count > 1 ? LayerUse.Shared : LayerUse.Own;

    /// <summary>Bytes of an image that are in layers of such a use.</summary>
    public long SizeOf(ReportedImage image, LayerUse use) =>
        image.Layers.Where(x => UseOf(x) == use).Sum(x => x.Size);

    /// <summary>Reads all images, and writes down in the history what they are.</summary>
    /// <param name="root">The repository.</param>
    /// <param name="directory">Where what is read is beside.</param>
    /// <exception cref="ProblemException">Files that are not what targets write, all of them.</exception>
    public static async Task<Overview> ReadAsync(AbsolutePath root, ReportDirectory directory, DateTimeOffset at,
        IReadOnlyList<ReportedRelease> releases, IReadOnlyList<ImagePlace> places)
    {
        var (files, artifacts) = (new ReportFiles(root), directory.Artifacts);
        var history = new History(directory.History, files.Shown(directory.History));
        var patches = new PatchReader(files, PatchReader.Verdicts(files, artifacts / "patches.json"));
        var statements = new StatementReader(files, StatementReader.Verifications(files, artifacts / "verify.json"));
        var (earlier, reader) = (history.Read(), new ImageReader(files));
        var images = await Problems.CollectAsync(places, (x, _) =>
            ValueTask.FromResult(Image(x, reader, patches, statements, earlier, history)));
        var shares = images.SelectMany(x => x.Layers, (image, layer) => (layer.Digest, Image: image))
            .GroupBy(x => x.Digest, x => x.Image, StringComparer.Ordinal)
            .ToDictionary(x => x.Key, x => (IReadOnlyList<ReportedImage>)[.. x], StringComparer.Ordinal);
        return new Overview(at, releases, images)
        {
            Files = files,
            Runs = history.Add(earlier, RunOf(at, images)),
            FileOf = history.ShownAs,
            Stages = Timeline.Stages(files, images),
            States = Timeline.States(files, artifacts / "run.json"),
            Shares = shares,
            BaseLayers = images.Where(x => x.Place.Release is null).SelectMany(x => x.Layers).Select(x => x.Digest)
                .ToHashSet(StringComparer.Ordinal),
        };
    }

    static ReportedImage Image(ImagePlace place, ImageReader reader, PatchReader patches, StatementReader statements,
        IReadOnlyList<RecordedRun> earlier, History history)
    {
        var build = reader.Build(place);
        var vex = reader.Vex(place, build.Value);
        var signed = statements.Statements(place, build.Value);
        var inputs = statements.Inputs(place);
        return new ReportedImage(place)
        {
            Build = build,
            Packages = reader.Packages(place, build.Value),
            Patches = patches.Of(place),
            Vex = vex,
            Findings = reader.Findings(place, build.Value, vex),
            Statements = signed,
            Provenance = statements.ProvenanceOf(place, build.Value, signed),
            Published = statements.Published(place, build.Value),
            Notes = statements.Notes(place, build.Value),
            Tests = statements.Tests(place, build.Value),
            Verified = statements.Verified(build.Value),
            Inputs = inputs,
            Rebuilt = Reason(place, build.Value, inputs.Value, earlier, history),
        };
    }

    static Fact<RebuildReason> Reason(ImagePlace place, ImageBuild? build, IReadOnlyDictionary<string, string>? inputs,
        IReadOnlyList<RecordedRun> earlier, History history)
    {
        if (build is null || inputs is null) return Fact.NotKnown<RebuildReason>(place.BuiltBy);
        if (earlier.LastOrDefault(x => x.Of(place) is { } known && known.Digest != build.Digest) is not { } run)
            return Fact.NotKnown<RebuildReason>("", "no earlier report has found another image");
        var (before, now) = (run.Of(place)!, Recorded(inputs));
        return Fact.Of(new RebuildReason(before.Digest, run.At, [.. now.Keys.Union(before.Inputs.Keys)
            .Where(x => now.GetValueOrDefault(x) != before.Inputs.GetValueOrDefault(x)).Order(StringComparer.Ordinal)
            .Select(x => new InputChange(x, before.Inputs.GetValueOrDefault(x), now.GetValueOrDefault(x)))]),
            history.ShownAs(run));
    }

    static RecordedRun RunOf(DateTimeOffset at, IEnumerable<ReportedImage> images) => new(at,
        [.. images.Where(x => x.Build.IsKnown).Select(x => new RecordedImage(x.Place.Name, x.Place.Release,
            x.Build.Value!.Digest, x.Build.Value.Size, x.Packages.Value?.Packages.Count,
            Recorded(x.Inputs.Value ?? new Dictionary<string, string>())))]);

    static SortedDictionary<string, string> Recorded(IReadOnlyDictionary<string, string> inputs) =>
        new(inputs.ToDictionary(x => x.Key, x => History.Shortened(x.Value)), StringComparer.Ordinal);
}

/// <param name="Series">Its name for people; null where nobody has recorded it.</param>
/// <param name="Phase">Where it is in its life; null likewise.</param>
/// <param name="File">That says so, relative to the repository.</param>
sealed record ReportedRelease(string Name, string? Series, SeriesPhase? Phase, string File)
{
    public string Status => Phase?.ToString() ?? "status not known";
}

/// <summary>Who else has a layer.</summary>
enum LayerUse
{
    /// <summary>Every image that is built on the base.</summary>
    Base,

    /// <summary>Other images.</summary>
    Shared,

    /// <summary>Nobody.</summary>
    Own,
}
