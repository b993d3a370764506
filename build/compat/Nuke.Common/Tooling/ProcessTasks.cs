using System.Diagnostics;
using System.Text;
using Nuke.Common.Utilities;
using Serilog;
using Serilog.Events;

namespace Nuke.Common.Tooling;

/// <summary>Starts processes.</summary>
public static class ProcessTasks
{
    public static bool DefaultLogOutput = true;
    public static bool DefaultLogInvocation = true;
    public static bool LogWorkingDirectory = true;
    public static string DefaultWorkingDirectory = EnvironmentInfo.WorkingDirectory;

    public static IProcess StartShell(
        string command,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null,
        Func<string, string> outputFilter = null) =>
        StartProcess(
            ToolPathResolver.GetPathExecutable(EnvironmentInfo.IsWin ? "cmd" : "bash"),
            $"{(EnvironmentInfo.IsWin ? "/c" : "-c")} {command.DoubleQuote()}",
            workingDirectory,
            environmentVariables,
            timeout,
            logOutput,
            logInvocation,
            logger,
            outputFilter);

    public static IProcess StartProcess(
        string toolPath,
        ArgumentStringHandler arguments,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null) =>
        StartProcess(toolPath, arguments.ToStringAndClear(), workingDirectory, environmentVariables, timeout, logOutput, logInvocation, logger, arguments.GetFilter());

    /// <summary>A library (<c>.dll</c>) is run by <c>DOTNET_EXE</c> or the dotnet on the path.</summary>
    public static IProcess StartProcess(
        string toolPath,
        string arguments = null,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null,
        Func<string, string> outputFilter = null)
    {
        Assert.NotNull(toolPath);
        if (!Path.IsPathRooted(toolPath) && !toolPath.Contains(Path.DirectorySeparatorChar))
            toolPath = ToolPathResolver.GetPathExecutable(toolPath);
        if (toolPath.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        {
            arguments = $"{toolPath.DoubleQuoteIfNeeded()} {arguments}".TrimEnd();
            toolPath = ToolPathResolver.TryGetEnvironmentExecutable("DOTNET_EXE") ?? ToolPathResolver.GetPathExecutable("dotnet");
        }

        workingDirectory ??= DefaultWorkingDirectory;
        Assert.FileExists(toolPath);
        Assert.DirectoryExists(workingDirectory);
        outputFilter ??= text => text;
        var startInfo = new ProcessStartInfo(toolPath, arguments ?? "")
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8
        };
        if (environmentVariables is not null)
        {
            startInfo.Environment.Clear();
            foreach (var (name, value) in environmentVariables)
                startInfo.Environment[name] = value;
        }

        if (logInvocation ?? DefaultLogInvocation)
            LogInvocation(startInfo, outputFilter);
        return new StartedProcess(startInfo, timeout, logOutput ?? DefaultLogOutput ? logger ?? DefaultLogger : null, outputFilter);
    }

    /// <summary>Standard output is for debugging, everything else an error.</summary>
    public static void DefaultLogger(OutputType type, string output) =>
        Log.Write(type == OutputType.Std ? LogEventLevel.Debug : LogEventLevel.Error, output);

    static void LogInvocation(ProcessStartInfo startInfo, Func<string, string> filter)
    {
        Log.Information("> {ToolPath} {Arguments}", startInfo.FileName.DoubleQuoteIfNeeded(), filter(startInfo.Arguments));
        if (LogWorkingDirectory)
        {
            var level = startInfo.WorkingDirectory == DefaultWorkingDirectory ? LogEventLevel.Verbose : LogEventLevel.Information;
            Log.Write(level, "@ {WorkingDirectory}", startInfo.WorkingDirectory);
        }
    }
}
