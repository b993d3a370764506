using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Oci;

namespace OpenStack.Report;

/// <summary>When something of an image was made.</summary>
/// <param name="Output">The file or directory that was made.</param>
sealed record TimedStage(string Image, string Output, DateTimeOffset Start, DateTimeOffset End, string File);

/// <summary>What has become of an image in the last run.</summary>
sealed record RunState(string Image, string State, string Reason);

/// <summary>What records of the last run there are: how long outputs took to make, and what became of images.</summary>
static class Timeline
{
    const string BuildService = "BuildService", Suffix = "took.json";

    /// <summary>The stages whose duration lies beside their output, in the order in which they began.</summary>
    public static Fact<IReadOnlyList<TimedStage>> Stages(ReportFiles files, IEnumerable<ReportedImage> images)
    {
        var stages = images.SelectMany(x => FilesOf(x).Select(file => StageOf(files, x.Title, file)))
            .OrderBy(x => x.Start).ThenBy(x => x.Image, StringComparer.Ordinal).ToList();
        return stages.Count == 0 ? Fact.NotKnown<IReadOnlyList<TimedStage>>(BuildService)
            : Fact.Of<IReadOnlyList<TimedStage>>(stages, stages[0].File);
    }

    static IEnumerable<AbsolutePath> FilesOf(ReportedImage image) => new[] { image.Place.Layout.Parent! }
        .Concat(image.Build.Value?.Platforms.Select(x => image.Place.PartOf(x.Platform)) ?? []).Distinct()
        .Where(x => Directory.Exists(x)).SelectMany(x => Directory.GetFiles(x, $"*{Suffix}"))
        .Order(StringComparer.Ordinal).Select(x => (AbsolutePath)x);

    /// <summary>The record is written when the output is there.</summary>
    static TimedStage StageOf(ReportFiles files, string image, AbsolutePath file)
    {
        var seconds = files.Read(file, BuildService,
            x => (object)OciJson.Require(x, "seconds", JsonValueKind.Number).GetDouble()).Value;
        DateTimeOffset end = File.GetLastWriteTimeUtc(file);
        var name = file.Name[..^Suffix.Length].TrimEnd('.');
        return new TimedStage(image, name.Length == 0 ? "image" : name,
            end - TimeSpan.FromSeconds(Math.Clamp((double)seconds!, 0, 1e6)), end, files.Shown(file));
    }

    /// <summary>What has become of images, by what a run that worked on some has written.</summary>
    public static Fact<IReadOnlyList<RunState>> States(ReportFiles files, AbsolutePath file) =>
        files.Read(file, BuildService, x => (IReadOnlyList<RunState>)[.. OciJson
            .Require(x, "components", JsonValueKind.Array).EnumerateArray().Select(y => new RunState(
                $"{OciJson.Text(y, "component")} {OciJson.Text(y, "release")}", OciJson.Text(y, "state") ?? "",
                string.Join(' ', new[] { OciJson.Text(y, "target"), OciJson.Text(y, "becauseOf") }
                    .OfType<string>())))]);
}
