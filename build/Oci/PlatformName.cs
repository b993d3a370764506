using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using OpenStack.Diagnostics;

namespace OpenStack.Oci;

/// <summary>
/// Operating system and architecture as engines write them: <c>linux/amd64</c>, <c>linux/arm/v7</c> (OCI image index,
/// platform).
/// </summary>
static partial class PlatformName
{
    /// <summary>The platform that needs no emulation here.</summary>
    public static string Native { get; } = "linux/" + RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.X86 => "386",
        Architecture.Arm => "arm/v7",
        var other => other.ToString().ToLowerInvariant(),
    };

    public static bool Is(string text) => Platform().IsMatch(text);

    /// <summary>As part of a file's name: <c>linux-amd64</c>.</summary>
    public static string ForFiles(string platform) => platform.Replace('/', '-');

    /// <summary>
    /// The platforms that are asked for, each once, in the order of their names; the native one where none is.
    /// </summary>
    /// <exception cref="ProblemException">All that are none.</exception>
    public static IReadOnlyList<string> Select(IReadOnlyList<string> asked)
    {
        ProblemException.ThrowIfAny([.. asked.Where(x => !Is(x))
            .Select(x =>
                new Problem($"--platform: '{x}' is no platform", Expected: "linux/amd64, linux/arm64 or the like"))]);
        return asked.Count == 0 ? [Native] : [.. asked.Select(Normal).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// Without a variant that goes without saying, as engines compare platforms: <c>linux/arm64/v8</c> is
    /// <c>linux/arm64</c>.
    /// </summary>
    public static string Normal(string platform) => platform switch
    {
        "linux/arm64/v8" => "linux/arm64",
        "linux/amd64/v1" => "linux/amd64",
        "linux/arm" => "linux/arm/v7",
        _ => platform,
    };

    [GeneratedRegex(@"^linux/[a-z0-9]+(?:/v[0-9]+)?\z")]
    private static partial Regex Platform();
}
