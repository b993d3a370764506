using System.Text.Json;
using System.Text.Json.Serialization;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Images;
using OpenStack.Storage;

namespace OpenStack.Wheels;

/// <summary>
/// Which files the distributions of an image were installed from: <c>distributions.json</c> beside the image of one
/// platform, an array of <c>name</c>, <c>version</c>, <c>file</c>, <c>sha256</c>, perhaps <c>url</c>, and perhaps
/// <c>builtFrom</c> with <c>file</c> and <c>sha256</c> of a source archive. Members that are not known here are
/// somebody's who knows more.
/// </summary>
/// <param name="Entries">Each distribution and version once.</param>
public sealed record DistributionFiles(IReadOnlyList<DistributionFile> Entries)
{
    public const string FileName = PythonImage.DistributionsName;

    const string Expected = "an array of objects with name, version, file, sha256";
    const string Remedy = "Build the image again";

    /// <summary>Null where there is no such file: older builds wrote none.</summary>
    /// <exception cref="ProblemException">All entries that are not as they should be.</exception>
    public static DistributionFiles? Find(AbsolutePath directory)
    {
        var file = directory / FileName;
        return Path.Exists(file) ? Parse(Utf8File.Read(file, file), file) : null;
    }

    /// <exception cref="ProblemException">All entries that are not as they should be.</exception>
    public static DistributionFiles Parse(string text, string shownAs)
    {
        var entries = Read(text, shownAs);
        var problems = entries
            .SelectMany((x, i) => DistributionFile.ProblemsOf(x, $"entry {i + 1}", Expected)).ToList();
        if (problems.Count == 0) problems.AddRange(Contradictions(entries));
        ProblemException.ThrowIfAny([.. problems.Select(x => x with { File = shownAs, Remedy = Remedy })]);
        return new DistributionFiles([.. entries.OfType<DistributionFile>().DistinctBy(x => (x.Key, x.Version))]);
    }

    static List<DistributionFile?> Read(string text, string shownAs)
    {
        const string found = "these are no files of distributions";
        try
        {
            return JsonSerializer.Deserialize(text, DistributionFilesJson.Default.ListDistributionFile)
                ?? throw new ProblemException(
                    new Problem($"{found}: null", shownAs, Expected: Expected, Remedy: Remedy));
        }
        catch (JsonException e)
        {
            var (line, column) = ((int)(e.LineNumber ?? -1) + 1, (int)(e.BytePositionInLine ?? -1) + 1);
            var why = e.Message.Split(" Path:")[0].TrimEnd('.');
            throw new ProblemException(new Problem($"{found}: {why}", shownAs, line, column, Expected, Remedy), e);
        }
    }

    static IEnumerable<Problem> Contradictions(List<DistributionFile?> entries) =>
        entries.OfType<DistributionFile>().GroupBy(x => (x.Key, x.Version))
            .Where(x => x.Select(y => (y.File, y.Sha256)).Distinct().Count() > 1)
            .Select(x => (x.Key, Files: string.Join(" and ", x.Select(y => y.File))))
            .Select(x => new Problem(
                $"{x.Key.Key} {x.Key.Version} is listed with {x.Files}", Expected: "one file for each"));

    /// <summary>An array in the order of the names, two-space indent, final newline.</summary>
    public string ToJson()
    {
        var sorted = Entries
            .OrderBy(x => x.Key.Value, StringComparer.Ordinal).ThenBy(x => x.Version, StringComparer.Ordinal);
        return JsonSerializer.Serialize([.. sorted], DistributionFilesJson.Default.ListDistributionFile) + "\n";
    }

    /// <summary>Of a version that is not there, nothing is known.</summary>
    public DistributionFile? Of(PythonName name, string version) =>
        Entries.FirstOrDefault(x => x.Key == name && PythonVersion.AreSame(x.Version, version));
}

/// <summary>Generated, because reflection costs start-up time.</summary>
[JsonSerializable(typeof(List<DistributionFile>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    WriteIndented = true)]
sealed partial class DistributionFilesJson : JsonSerializerContext;
