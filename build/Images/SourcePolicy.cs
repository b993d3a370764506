using System.Text.RegularExpressions;

namespace OpenStack.Images;

/// <summary>
/// What BuildKit may take from outside of what it is handed, whatever a Dockerfile says: nothing (moby/buildkit,
/// docs/build-repro.md, "Reproducing the pinned dependencies"; BuildKit 0.11, buildx 0.10).
/// </summary>
static partial class SourcePolicy
{
    /// <summary>By which buildx is told of the file.</summary>
    public const string Variable = "EXPERIMENTAL_BUILDKIT_SOURCE_POLICY";

    /// <summary>
    /// Directories and layouts are what named contexts are, all of which the build lays out itself from what is locked.
    /// Images of registries, urls and git repositories are everything else. The last rule that fits counts.
    /// </summary>
    public static ReadOnlySpan<byte> Closed => """
        {
          "version": 1,
          "rules": [
            {"action": "DENY", "selector": {"identifier": "*"}},
            {"action": "ALLOW", "selector": {"identifier": "local://*"}},
            {"action": "ALLOW", "selector": {"identifier": "oci-layout://*"}}
          ]
        }

        """u8;

    /// <summary>The source that an error is about; null where it is about something else.</summary>
    public static string? DeniedIn(string error) =>
        Denied().Match(error) is { Success: true } match ? match.Groups["source"].Value : null;

    [GeneratedRegex("source \"(?<source>[^\"]+)\" denied by policy")]
    private static partial Regex Denied();
}
