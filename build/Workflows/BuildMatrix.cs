using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenStack.Workflows;

/// <summary>
/// The jobs of a run: which bases, images and publications there are, as the matrices of the workflow take them. GitHub
/// allows 256 jobs per matrix and none with an empty one, so there are as many as it takes, and a job whose matrix is
/// no output is skipped.
/// </summary>
public static class BuildMatrix
{
    /// <summary>The most jobs of one matrix (docs.github.com, "Running variations of jobs in a workflow").</summary>
    public const int Limit = 256;

    /// <summary>How many matrices a number of jobs takes.</summary>
    public static int ChunksOf(int jobs) => (jobs + Limit - 1) / Limit;

    /// <summary>
    /// The outputs of the job that plans, by name: <c>bases</c>, <c>platforms</c>, <c>hermetic</c>,
    /// <c>build-1</c>, …, <c>sets</c>, <c>publish-1</c>, …, <c>reproduce-1</c>, … of what is built from locks; none
    /// of them where nothing is built.
    /// </summary>
    /// <param name="images">The images to build.</param>
    /// <param name="sets">What of them is tested together.</param>
    /// <param name="platforms">For which platforms.</param>
    /// <param name="isLocked">
    /// Whether it is locked what an image, or the base images where it is null, is built from for a platform.
    /// </param>
    internal static IReadOnlyDictionary<string, string> Outputs(IReadOnlyList<(string Service, string Release)> images,
        IReadOnlyList<ImageSet> sets, IReadOnlyList<BuildPlatform> platforms,
        Func<(string Service, string Release)?, string, bool> isLocked)
    {
        if (images.Count == 0) return new Dictionary<string, string>();
        // One image is of all platforms, and all images are of the same base.
        var isBaseHermetic = platforms.All(x => isLocked(null, x.Platform));
        var hermetic = images.Where(x => isBaseHermetic && platforms.All(y => isLocked(x, y.Platform))).ToHashSet();
        JsonObject RowOf((string, string)? image, BuildPlatform? platform) =>
            Row(image, platform, image is { } one ? hermetic.Contains(one) : isBaseHermetic);
        IEnumerable<JsonObject> Jobs(IEnumerable<(string, string)> of) =>
            of.SelectMany(_ => platforms, (image, platform) => RowOf(image, platform));
        return new[]
            {
                ("bases", Include(platforms.Select(x => RowOf(null, x)))),
                ("platforms", string.Join(' ', platforms.Select(x => x.Platform))),
                ("hermetic", Text(isBaseHermetic)),
            }
            .Concat(Chunks("build", Jobs(images)))
            // There are as many as releases.
            .Concat(sets.Count == 0 ? [] : [("sets", Include(sets.Select(x => SetRow(x, platforms[0]))))])
            .Concat(Chunks("publish", images.Select(x => RowOf(x, null))))
            .Concat(Chunks("reproduce", Jobs(images.Where(hermetic.Contains))))
            .ToDictionary(x => x.Item1, x => x.Item2);
    }

    static IEnumerable<(string, string)> Chunks(string name, IEnumerable<JsonObject> rows) =>
        rows.Chunk(Limit).Select((x, i) => ($"{name}-{i + 1}", Include(x)));

    static JsonObject Row((string Service, string Release)? image, BuildPlatform? platform, bool isHermetic)
    {
        var row = new JsonObject();
        if (image is var (service, release))
            (row["service"], row["release"]) = (service, release);
        if (platform is not null)
            (row["platform"], row["platform-name"], row["runner"]) = (platform.Platform,
                platform.Name, platform.Runner);
        row["hermetic"] = Text(isHermetic);
        return row;
    }

    static JsonObject SetRow(ImageSet set, BuildPlatform platform)
    {
        var row = new JsonObject { ["release"] = set.Release, ["services"] = string.Join(' ', set.Services) };
        (row["missing"], row["platform"], row["platform-name"], row["runner"]) =
            (string.Join(' ', set.Missing), platform.Platform, platform.Name, platform.Runner);
        return row;
    }

    static string Text(bool value) => value ? "true" : "false";

    static string Include(IEnumerable<JsonObject> rows) =>
        new JsonObject { ["include"] = new JsonArray([.. rows]) }.ToJsonString(JsonSerializerOptions.Default);
}

/// <summary>Images of one release that are tested together.</summary>
/// <param name="Release">The release.</param>
/// <param name="Services">The services.</param>
/// <param name="Missing">Those that it takes and that are not built by the run.</param>
public sealed record ImageSet(string Release, IReadOnlyList<string> Services, IReadOnlyList<string> Missing);
