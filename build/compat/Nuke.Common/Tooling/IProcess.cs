namespace Nuke.Common.Tooling;

/// <summary>A process that was started. Its output is complete when it has been waited for.</summary>
public interface IProcess : IDisposable
{
    string FileName { get; }
    string Arguments { get; }
    string WorkingDirectory { get; }
    IReadOnlyCollection<Output> Output { get; }
    int ExitCode { get; }
    bool HasExited { get; }
    int Id { get; }

    void Kill();

    /// <returns>False if it had to be killed because its time was over.</returns>
    bool WaitForExit();
}
