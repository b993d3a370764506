using System.Text.Json;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.Sbom;

/// <summary>The vulnerability scanner Grype, of which only its command line is needed.</summary>
/// <param name="program">A name on PATH or a file.</param>
sealed class Grype(string program = "grype")
{
    const string Remedy = "Install Grype, https://github.com/anchore/grype#installation, a scanner that looks up the "
        + "components of an SBOM in its database of vulnerabilities";

    /// <summary>Looks up what an SBOM lists. Whatever it finds, it ends well.</summary>
    /// <param name="sbom">A CycloneDX document.</param>
    /// <param name="json">Gets all of it.</param>
    /// <param name="sarif">Gets the same for tools that show SARIF.</param>
    /// <exception cref="ProblemException">It is not there, or fails.</exception>
    public async Task<IReadOnlyList<Finding>> ScanAsync(AbsolutePath sbom, AbsolutePath json, AbsolutePath sarif,
        CancellationToken cancellation = default)
    {
        await new Command(program, $"sbom:{sbom}", "--output", $"json={json}", "--output", $"sarif={sarif}")
        {
            Remedy = Remedy,
        }.RequireAsync(cancellation);
        if (!File.Exists(json))
            throw new ProblemException($"'{program}' wrote no {json.Name}",
                "Install a version that takes several --output");
        return Parse(await File.ReadAllTextAsync(json, cancellation), json);
    }

    /// <exception cref="ProblemException">It is not what Grype writes.</exception>
    internal static IReadOnlyList<Finding> Parse(string text, string shownAs)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.GetProperty("matches").EnumerateArray().Select(FindingIn)];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new ProblemException(new Problem($"these are no findings of Grype: {e.Message}", shownAs), e);
        }
    }

    static Finding FindingIn(JsonElement match)
    {
        var (vulnerability, artifact) = (match.GetProperty("vulnerability"), match.GetProperty("artifact"));
        var related = match.TryGetProperty("relatedVulnerabilities", out var others)
            && others.ValueKind == JsonValueKind.Array
            ? others.EnumerateArray().Select(x => x.GetProperty("id").GetString()!)
            : [];
        return new Finding(
            [.. related.Prepend(vulnerability.GetProperty("id").GetString()!).Distinct()],
            Enum.TryParse<VulnerabilitySeverity>(
                vulnerability.TryGetProperty("severity", out var severity) ? severity.GetString() : null,
                ignoreCase: true, out var known) ? known : VulnerabilitySeverity.Unknown,
            artifact.GetProperty("name").GetString()!,
            artifact.GetProperty("version").GetString()!,
            artifact.TryGetProperty("purl", out var purl) ? purl.GetString() : null,
            vulnerability.TryGetProperty("fix", out var fix)
                && fix.ValueKind == JsonValueKind.Object
                && fix.TryGetProperty("versions", out var versions)
                && versions.ValueKind == JsonValueKind.Array
                ? [.. versions.EnumerateArray().Select(x => x.GetString()!)] : []);
    }
}
