using Nuke.Common.IO;

namespace OpenStack.Tests;

/// <summary>
/// What a user's machine takes from the internet. The directory that the environment variable REAL_PACKAGES names holds
/// <c>uv/</c> (uv, or its own wheel), <c>wheels/</c> (what <c>--wheelhouse</c> takes) and <c>git/</c> (what
/// <c>--git-mirror</c> takes). Without it, it is the internet itself, where that can be reached.
/// </summary>
static class RealPackages
{
    const string Variable = "REAL_PACKAGES";

    static readonly Lazy<string?> s_missing = new(Look);

    /// <summary>Null where it is not named.</summary>
    public static AbsolutePath? Directory =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <summary>Why tests that need it are skipped; null where they are not.</summary>
    public static string? Missing => s_missing.Value;

    /// <summary>Services to build, or those that the directory is known to suffice for.</summary>
    public static IReadOnlyList<string> Services =>
        Words("REAL_SERVICES") is { Count: > 0 } services ? services : ["keystone", "placement", "barbican"];

    public static IReadOnlyList<string> Releases =>
        Words("REAL_RELEASES") is { Count: > 0 } releases ? releases : ["all"];

    /// <summary>A directory with uv itself in it.</summary>
    public static AbsolutePath UvDirectory(AbsolutePath scratch)
    {
        var directory = Directory! / "uv";
        if (File.Exists(directory / "uv")) return directory;
        var unpacked = scratch / "uv-wheel";
        System.IO.Compression.ZipFile.ExtractToDirectory(System.IO.Directory.GetFiles(directory, "uv-*.whl").Single(),
            unpacked);
        System.IO.Directory.CreateDirectory(scratch / "uv");
        File.Move(System.IO.Directory.GetFiles(unpacked, "uv", SearchOption.AllDirectories).Single(),
            scratch / "uv" / "uv");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(scratch / "uv" / "uv", (UnixFileMode)0b111_101_101);
        return scratch / "uv";
    }

    static List<string> Words(string variable) =>
        [.. (Environment.GetEnvironmentVariable(variable) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    static string? Look()
    {
        if (Directory is { } directory)
        {
            var lacking = ((string[])["uv", "wheels", "git"])
                .Where(x => !System.IO.Directory.Exists(directory / x))
                .ToList();
            return lacking.Count == 0 ? null : $"{directory} lacks {string.Join(", ", lacking)}";
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            foreach (var place in (string[])["https://pypi.org/simple/uv/", "https://opendev.org/openstack/placement",
                "https://ghcr.io/v2/"])
            {
                using var request = new HttpRequestMessage(HttpMethod.Head, place);
                using var answer = client.Send(request);
            }

            return null;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return $"{Variable} names no directory of real packages, and the internet cannot be reached: {e.Message}";
        }
    }
}

/// <summary>A test with real packages; skipped where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class RealFactAttribute : FactAttribute
{
    /// <param name="ofDirectory">Whether the internet does not do.</param>
    public RealFactAttribute(bool ofDirectory = false) => Skip = RealPackages.Missing
        ?? (ofDirectory && RealPackages.Directory is null
            ? "This test changes wheels: it needs a directory of them"
            : null);
}
