using System.Collections.Concurrent;
using System.Diagnostics;

namespace Nuke.Common.Tooling;

sealed class StartedProcess : IProcess
{
    readonly ConcurrentQueue<Output> output = [];
    readonly Process process;
    readonly int timeout;
    readonly Action<OutputType, string> logger;
    readonly Func<string, string> filter;

    public StartedProcess(ProcessStartInfo startInfo, int? timeout, Action<OutputType, string> logger, Func<string, string> filter)
    {
        this.timeout = timeout ?? Timeout.Infinite;
        this.logger = logger;
        this.filter = filter;
        process = new Process { StartInfo = startInfo };
        process.OutputDataReceived += (_, e) => Receive(OutputType.Std, e.Data);
        process.ErrorDataReceived += (_, e) => Receive(OutputType.Err, e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string FileName => process.StartInfo.FileName;
    public string Arguments => filter(process.StartInfo.Arguments);
    public string WorkingDirectory => process.StartInfo.WorkingDirectory;
    public IReadOnlyCollection<Output> Output => output;
    public int ExitCode => process.ExitCode;
    public bool HasExited => process.HasExited;
    public int Id => process.Id;

    public void Dispose() => process.Dispose();

    public void Kill() => process.Kill();

    public bool WaitForExit()
    {
        if (!process.WaitForExit(timeout))
        {
            process.Kill();
            return false;
        }

        // The overload with a timeout does not wait for the end of the output.
        process.WaitForExit();
        return true;
    }

    void Receive(OutputType type, string line)
    {
        if (line is null)
            return;
        var text = filter(line);
        output.Enqueue(new Output { Type = type, Text = text });
        logger?.Invoke(type, text);
    }
}
