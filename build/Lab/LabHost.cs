using System.Runtime.InteropServices;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Packages;

namespace OpenStack.Lab;

/// <summary>The machine that the laboratory runs on.</summary>
/// <param name="Architecture">Debian's name, e.g. <c>amd64</c>.</param>
/// <param name="Codename">Of the installed Debian, e.g. <c>bookworm</c>.</param>
/// <param name="Sources">The package sources of that Debian.</param>
public sealed record LabHost(string Architecture, string Codename, IReadOnlyList<AptSource> Sources)
{
    /// <summary>Free space that provisioning and one service's build need for each platform, in bytes.</summary>
    public const long RequiredSpace = 5L << 30;

    const string Otherwise = "Leave out '--profile lab' and build with Docker (BuildKit) and internet access instead";

    /// <exception cref="ProblemException">The laboratory cannot run here.</exception>
    public static LabHost Require() => Require(
        OperatingSystem.IsLinux(), Environment.IsPrivilegedProcess, RuntimeInformation.OSArchitecture,
        "/etc/os-release", "/etc/apt");

    internal static LabHost Require(bool linux, bool root, Architecture architecture, AbsolutePath osRelease,
        AbsolutePath apt)
    {
        if (!linux) throw Unusable("only runs on Linux");
        if (!root) throw Unusable("needs root, to run a container engine of its own");
        var debian = architecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "amd64",
            System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
            _ => throw Unusable($"runs on x86-64 and arm64, not on {architecture}"),
        };
        var os = ReadOsRelease(osRelease);
        if (os.GetValueOrDefault("ID") != "debian" || !os.TryGetValue("VERSION_CODENAME", out var codename))
            throw Unusable("runs on Debian, whose package mirror it lives on");
        var sources = AptSource.ReadAll(apt).Where(x => x.Suffix(codename) is not null).ToList();
        if (sources.Count == 0) throw Unusable($"finds no Debian mirror for {codename} in {apt}");
        return new LabHost(debian, codename, sources);
    }

    /// <exception cref="ProblemException">There is not enough room for what has to be made.</exception>
    public static void RequireSpace(AbsolutePath directory, int platforms)
    {
        var free = new DriveInfo(directory).AvailableFreeSpace;
        if (free >= RequiredSpace * platforms) return;
        throw new ProblemException(new Problem(
            $"{free >> 20} MiB are free on the disk of {directory}",
            Expected: $"at least {RequiredSpace * platforms >> 20} MiB for the laboratory",
            Remedy: "Make room, or choose another directory for it"));
    }

    static ProblemException Unusable(string reason) => new($"The laboratory {reason}", Otherwise);

    static Dictionary<string, string> ReadOsRelease(AbsolutePath file) => File.Exists(file)
        ? File.ReadLines(file).Select(x => x.Split('=', 2)).Where(x => x.Length == 2)
            .ToDictionary(x => x[0].Trim(), x => x[1].Trim().Trim('"', '\''), StringComparer.Ordinal)
        : [];
}
