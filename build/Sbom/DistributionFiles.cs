using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Nuke.Common.IO;
using OpenStack.Constraints;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Sbom;

/// <summary>
/// Which files the distributions of an image were installed from: <c>distributions.json</c> beside the image of one platform, an array of
/// <c>name</c>, <c>version</c>, <c>file</c>, <c>sha256</c>, perhaps <c>url</c>, and perhaps <c>builtFrom</c> with <c>file</c> and
/// <c>sha256</c> of a source archive.
/// </summary>
/// <param name="Entries">Each distribution and version once.</param>
sealed partial record DistributionFiles(IReadOnlyList<DistributionFile> Entries)
{
    public const string FileName = "distributions.json";

    const string Expected = "an array of objects with name, version, file, sha256";

    /// <summary>Null where there is no such file: older builds wrote none.</summary>
    /// <exception cref="ProblemException">All entries that are not as they should be.</exception>
    public static DistributionFiles? Find(AbsolutePath directory) =>
        Path.Exists(directory / FileName) ? Parse(Utf8File.Read(directory / FileName, directory / FileName), directory / FileName) : null;

    /// <exception cref="ProblemException">All entries that are not as they should be.</exception>
    public static DistributionFiles Parse(string text, string shownAs)
    {
        List<DistributionFile?>? entries;
        try
        {
            entries = JsonSerializer.Deserialize(text, DistributionFilesJson.Default.ListDistributionFile);
        }
        catch (JsonException e)
        {
            throw new ProblemException(new Problem($"these are no files of distributions: {e.Message.Split(" Path:")[0].TrimEnd('.')}", shownAs,
                (int)(e.LineNumber ?? -1) + 1, (int)(e.BytePositionInLine ?? -1) + 1, Expected, Remedy), e);
        }

        if (entries is null) throw new ProblemException(new Problem("these are no files of distributions: null", shownAs, Expected: Expected, Remedy: Remedy));
        var problems = entries.SelectMany((x, i) => ProblemsOf(x, i, shownAs)).ToList();
        if (problems.Count == 0)
        {
            problems.AddRange(entries.OfType<DistributionFile>().GroupBy(x => (x.Key, x.Version)).Where(x => x.Select(y => (y.File, y.Sha256)).Distinct().Count() > 1)
                .Select(x => new Problem($"{x.Key} {x.Key.Version} is listed with {string.Join(" and ", x.Select(y => y.File))}", shownAs, Expected: "one file for each", Remedy: Remedy)));
        }

        ProblemException.ThrowIfAny(problems);
        return new DistributionFiles([.. entries.OfType<DistributionFile>().DistinctBy(x => (x.Key, x.Version))]);
    }

    /// <summary>An array in the order of the names, two-space indent, final newline.</summary>
    public string ToJson() => JsonSerializer.Serialize([.. Entries.OrderBy(x => x.Key.Value, StringComparer.Ordinal).ThenBy(x => x.Version, StringComparer.Ordinal)],
        DistributionFilesJson.Default.ListDistributionFile) + "\n";

    /// <summary>Of a version that is not there, nothing is known.</summary>
    public DistributionFile? Of(PythonName name, string version) => Entries.FirstOrDefault(x => x.Key == name && IsSame(x.Version, version));

    static bool IsSame(string a, string b) =>
        a == b || (PythonVersion.TryParse(a) is { } left && PythonVersion.TryParse(b) is { } right && left == right);

    const string Remedy = "Build the image again";

    static IEnumerable<Problem> ProblemsOf(DistributionFile? entry, int index, string shownAs)
    {
        Problem Wrong(string found, string expected) => new($"entry {index + 1}{(entry?.Name is { Length: > 0 } name ? $" ({name})" : "")}: {found}", shownAs, Expected: expected, Remedy: Remedy);
        if (entry is null)
        {
            yield return Wrong("it is null", Expected);
            yield break;
        }

        if (entry.Name is null || !PythonName.IsValid(entry.Name)) yield return Wrong($"'{entry.Name}' is no name of a distribution", "a name of PEP 508");
        if (string.IsNullOrWhiteSpace(entry.Version)) yield return Wrong("version is missing", "that of the distribution");
        foreach (var (what, file, digest) in new[] { ("", entry.File, entry.Sha256), ("builtFrom.", entry.BuiltFrom?.File, entry.BuiltFrom?.Sha256) }.Take(entry.BuiltFrom is null ? 1 : 2))
        {
            if (file is null || !FileNameOfADistribution().IsMatch(file)) yield return Wrong($"{what}file is '{file}'", "the name of a wheel or of a source archive");
            if (digest is null || !Digits().IsMatch(digest)) yield return Wrong($"{what}sha256 is '{digest}'", "64 hexadecimal digits in lower case");
        }

        if (entry.Url is { } url && BomParts.Url(url) is null) yield return Wrong($"url is '{url}'", "one of http or https");
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._+!-]*\.(whl|tar\.gz|zip|tar\.bz2|tar\.xz|tgz)\z")]
    private static partial Regex FileNameOfADistribution();

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex Digits();
}

/// <summary>Generated, because reflection costs start-up time.</summary>
[JsonSerializable(typeof(List<DistributionFile>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    WriteIndented = true)]
sealed partial class DistributionFilesJson : JsonSerializerContext;
