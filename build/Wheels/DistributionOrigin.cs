using System.Text.Json;
using System.Text.Json.Serialization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Wheels;

/// <summary>The file that a distribution was installed from.</summary>
/// <param name="Name">Of the distribution, normalised.</param>
/// <param name="File">Name of the wheel.</param>
/// <param name="Sha256">Of the wheel, 64 hexadecimal digits.</param>
public sealed record DistributionOrigin(string Name, string Version, string File, string Sha256)
{
    /// <summary>Where an index has the wheel; null where it came from a directory or was built here.</summary>
    public string? Url { get; init; }

    /// <summary>The source distribution that the wheel was built from; null where it came as a wheel, or from a source tree.</summary>
    public OriginFile? BuiltFrom { get; init; }

    /// <exception cref="ProblemException">It is no such file.</exception>
    public static IReadOnlyList<DistributionOrigin> ReadAll(AbsolutePath file)
    {
        try
        {
            return JsonSerializer.Deserialize(Utf8File.Read(file, file), DistributionOriginJson.Default.DistributionOriginArray) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new ProblemException(new Problem($"this is no list of distributions: {e.Message}", file, Remedy: "Run the target BuildWheels again"), e);
        }
    }

    /// <summary>Writes <c>distributions.json</c>, which SBOM and provenance read.</summary>
    public static void WriteAll(AbsolutePath file, IReadOnlyList<DistributionOrigin> origins) =>
        AtomicFile.WriteText(file, JsonSerializer.Serialize([.. origins], DistributionOriginJson.Default.DistributionOriginArray) + "\n");
}

/// <param name="Url">Where an index has it; null where it came from a directory.</param>
public sealed record OriginFile(string File, string Sha256, string? Url)
{
    public static OriginFile Of(DistributionFile file) => new(file.Name, file.Sha256, file.Url.StartsWith("http", StringComparison.Ordinal) ? file.Url : null);
}

[JsonSerializable(typeof(DistributionOrigin[]))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
sealed partial class DistributionOriginJson : JsonSerializerContext;
