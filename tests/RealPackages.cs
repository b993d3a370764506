using Nuke.Common.IO;

namespace OpenStack.Tests;

/// <summary>
/// Where tests find what a user's machine takes from the internet: the directory that the environment variable REAL_PACKAGES names holds
/// <c>uv/</c> (uv, or its own wheel), <c>wheels/</c> (what <c>--wheelhouse</c> takes) and <c>git/</c> (what <c>--git-mirror</c> takes).
/// </summary>
static class RealPackages
{
    const string Variable = "REAL_PACKAGES";

    /// <summary>Null where it is not named.</summary>
    public static AbsolutePath? Directory => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? Path.GetFullPath(path) : null;

    /// <summary>Why tests that need it are skipped; null where they are not.</summary>
    public static string? Missing => Directory is { } directory
        ? System.IO.Directory.Exists(directory / "uv") ? null : $"{directory} has no directory 'uv'"
        : $"{Variable} names no directory of real packages";

    /// <summary>uv itself.</summary>
    public static string Uv()
    {
        var uv = Directory! / "uv" / "uv";
        if (File.Exists(uv)) return uv;
        var unpacked = (AbsolutePath)Path.Combine(Path.GetTempPath(), $"real-uv-{Environment.ProcessId}");
        var program = unpacked / "bin" / "uv";
        if (!File.Exists(program))
        {
            System.IO.Directory.CreateDirectory(program.Parent!);
            System.IO.Compression.ZipFile.ExtractToDirectory(System.IO.Directory.GetFiles(Directory! / "uv", "uv-*.whl").Single(), unpacked);
            File.Move(System.IO.Directory.GetFiles(unpacked, "uv", SearchOption.AllDirectories).Single(), program);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => System.IO.Directory.Delete(unpacked, recursive: true);
        }

        return program;
    }
}

/// <summary>A test with real packages; skipped where there are none.</summary>
[AttributeUsage(AttributeTargets.Method)]
sealed class RealFactAttribute : FactAttribute
{
    public RealFactAttribute() => Skip = RealPackages.Missing;
}
