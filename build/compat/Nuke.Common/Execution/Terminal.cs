namespace Nuke.Common.Execution;

/// <summary>A console, where no other host is.</summary>
public class Terminal : Host
{
    public static bool IsRunningTerminal => true;
}

/// <summary>The console of JetBrains Rider.</summary>
public class Rider : Terminal
{
    internal static bool IsRunning =>
        Hosts.HasVariable("IDEA_INITIAL_DIRECTORY")
        || Environment.GetEnvironmentVariable("XPC_SERVICE_NAME")?.Contains("com.jetbrains.rider", StringComparison.OrdinalIgnoreCase) == true
        || Environment.GetEnvironmentVariable("TERMINAL_EMULATOR")?.Contains("JetBrains-JediTerm", StringComparison.OrdinalIgnoreCase) == true;
}

/// <summary>The console of Visual Studio Code.</summary>
public class VSCode : Terminal
{
    internal static bool IsRunning => Hosts.HasVariable("VSCODE_GIT_IPC_HANDLE") || Hosts.HasVariable("VSCODE_PID");
}

/// <summary>The console of Visual Studio.</summary>
public class VisualStudio : Terminal
{
    internal static bool IsRunning => Hosts.HasVariable("VisualStudioVersion");
}
