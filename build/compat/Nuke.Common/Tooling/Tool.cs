namespace Nuke.Common.Tooling;

/// <summary>
/// A program: runs it, waits, and by default fails if its exit code is not zero. The timeout is in milliseconds; environment
/// variables replace all of this process's own.
/// </summary>
public delegate IReadOnlyCollection<Output> Tool(
    ArgumentStringHandler arguments,
    string workingDirectory = null,
    IReadOnlyDictionary<string, string> environmentVariables = null,
    int? timeout = null,
    bool? logOutput = null,
    bool? logInvocation = null,
    Action<OutputType, string> logger = null,
    Action<IProcess> exitHandler = null);
