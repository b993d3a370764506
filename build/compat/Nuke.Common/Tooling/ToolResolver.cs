namespace Nuke.Common.Tooling;

/// <summary>Makes tools of programs.</summary>
public static class ToolResolver
{
    public static Tool GetTool(string toolPath)
    {
        Assert.FileExists(toolPath);
        return new Runner(toolPath).Run;
    }

    /// <summary>The program that <c>&lt;NAME&gt;_EXE</c> names; null without it.</summary>
    public static Tool TryGetEnvironmentTool(string name) =>
        ToolPathResolver.TryGetEnvironmentExecutable($"{name.ToUpperInvariant()}_EXE") is { } path ? GetTool(path) : null;

    public static Tool GetPathTool(string name) => GetTool(ToolPathResolver.GetPathExecutable(name));

    public static Tool GetEnvironmentOrPathTool(string name) => TryGetEnvironmentTool(name) ?? GetPathTool(name);

    sealed class Runner(string toolPath)
    {
        public IReadOnlyCollection<Output> Run(
            ArgumentStringHandler arguments,
            string workingDirectory,
            IReadOnlyDictionary<string, string> environmentVariables,
            int? timeout,
            bool? logOutput,
            bool? logInvocation,
            Action<OutputType, string> logger,
            Action<IProcess> exitHandler)
        {
            var process = ProcessTasks.StartProcess(toolPath, arguments, workingDirectory, environmentVariables, timeout, logOutput, logInvocation, logger);
            process.AssertWaitForExit();
            if (exitHandler is null)
                process.AssertZeroExitCode();
            else
                exitHandler(process);
            return process.Output;
        }
    }
}
