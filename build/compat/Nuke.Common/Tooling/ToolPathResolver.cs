namespace Nuke.Common.Tooling;

/// <summary>Finds programs.</summary>
public static class ToolPathResolver
{
    /// <summary>The file an environment variable names, which must exist; null without the variable.</summary>
    public static string TryGetEnvironmentExecutable(string environmentExecutable)
    {
        var path = EnvironmentInfo.GetVariable(environmentExecutable);
        if (path is not null)
            Assert.FileExists(path, $"Path '{path}' from environment variable '{environmentExecutable}' does not exist");
        return path;
    }

    /// <summary>The file itself, or the one of that name on the path.</summary>
    public static string GetPathExecutable(string pathExecutable)
    {
        if (File.Exists(pathExecutable))
            return Path.GetFullPath(pathExecutable);
        var name = EnvironmentInfo.IsWin && !Path.HasExtension(pathExecutable) ? pathExecutable + ".exe" : pathExecutable;
        var directories = Environment.GetEnvironmentVariable("PATH").NotNullOrEmpty("PATH variable not available");
        foreach (var directory in directories.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var file = Path.Combine(directory, name);
            if (IsExecutable(file))
                return file;
        }

        // The original asks this program, and names it.
        var locator = EnvironmentInfo.IsWin ? @"C:\Windows\System32\where.exe" : "/usr/bin/which";
        throw new ArgumentException(File.Exists(locator) ? $"Could not find '{pathExecutable}' via '{locator}'." : $"Could not find '{pathExecutable}' on the PATH.");
    }

    static bool IsExecutable(string file) =>
        File.Exists(file)
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
