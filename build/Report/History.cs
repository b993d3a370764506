using System.Text.Json;
using System.Text.Json.Serialization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Report;

/// <summary>What one image was when a report was written.</summary>
/// <param name="Release">Null of <c>python-base</c>.</param>
/// <param name="Size">Bytes as they are stored.</param>
/// <param name="Packages">Null where no SBOM said it.</param>
/// <param name="Inputs">What its digest depends on; of what is long, the digest.</param>
sealed record RecordedImage(string Image, string? Release, string Digest, long Size, int? Packages,
    SortedDictionary<string, string> Inputs);

/// <summary>What was there when a report was written.</summary>
sealed record RecordedRun(DateTimeOffset At, RecordedImage[] Images)
{
    /// <summary>An image of it; null where there was none.</summary>
    public RecordedImage? Of(ImagePlace place) =>
        Images.FirstOrDefault(x => x.Image == place.Name && x.Release == place.Release);
}

/// <summary>
/// The images as earlier reports have found them: a small file for each report that has found something else than the
/// one before it, and no more than <see cref="Most"/> of them.
/// </summary>
sealed class History(AbsolutePath directory, string shownAs)
{
    /// <summary>How many are kept: a year of weeks.</summary>
    public const int Most = 52;

    /// <summary>Values that are longer are recorded by their digest.</summary>
    const int LongestValue = 100;

    IEnumerable<AbsolutePath> Files => !Directory.Exists(directory) ? []
        : Directory.GetFiles(directory, "*.json").Order(StringComparer.Ordinal).Select(x => (AbsolutePath)x);

    public string ShownAs(RecordedRun run) => $"{shownAs}/{NameOf(run)}";

    /// <summary>All that there are, oldest first.</summary>
    /// <exception cref="ProblemException">A file is none.</exception>
    public IReadOnlyList<RecordedRun> Read() => Problems.Collect(Files, file =>
    {
        var name = $"{shownAs}/{file.Name}";
        try
        {
            return JsonSerializer.Deserialize(Utf8File.Read(file, name), HistoryJson.Default.RecordedRun)
                ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new ProblemException(new Problem($"cannot be read: {e.Message.TrimEnd('.')}", name,
                Expected: "what the target Report writes", Remedy: "Delete it: trends do without"), e);
        }
    });

    /// <summary>Adds a run, unless it is as the last one was; the oldest go.</summary>
    /// <param name="earlier">All that there are.</param>
    /// <returns>All that there are now.</returns>
    public IReadOnlyList<RecordedRun> Add(IReadOnlyList<RecordedRun> earlier, RecordedRun run)
    {
        if (run.Images.Length == 0 || (earlier is [.., var last] && TextOf(last.Images) == TextOf(run.Images)))
            return earlier;
        AtomicFile.WriteText(directory / NameOf(run),
            JsonSerializer.Serialize(run, HistoryJson.Default.RecordedRun) + "\n");
        foreach (var file in Files.Reverse().Skip(Most)) File.Delete(file);
        return [.. earlier.Append(run).TakeLast(Most)];
    }

    /// <summary>A value of an input, as it is recorded.</summary>
    public static string Shortened(string value) => value.Length <= LongestValue ? value : Digest.OfText(value);

    static string NameOf(RecordedRun run) => $"{run.At.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}.json";

    static string TextOf(RecordedImage[] images) =>
        JsonSerializer.Serialize(images, HistoryJson.Default.RecordedImageArray);
}

[JsonSerializable(typeof(RecordedRun))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
sealed partial class HistoryJson : JsonSerializerContext;
