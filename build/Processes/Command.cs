using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using OpenStack.Diagnostics;

namespace OpenStack.Processes;

/// <summary>
/// One run of an external program: an argument list, never a shell string. The program's environment is the caller's with
/// <see cref="Environment"/> laid over it (a null value removes a variable).
/// </summary>
public sealed record Command(string Program, params IReadOnlyList<string> Arguments)
{
    /// <summary><c>ENOENT</c>, and Windows' <c>ERROR_FILE_NOT_FOUND</c>.</summary>
    const int NoSuchFile = 2;

    public string? WorkingDirectory { get; init; }

    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Text for standard input; null closes it at once.</summary>
    public string? Input { get; init; }

    /// <summary>Writes standard input as bytes; takes precedence over <see cref="Input"/>.</summary>
    public Func<Stream, CancellationToken, Task>? InputWriter { get; init; }

    /// <summary>Reads standard output as bytes; <see cref="CommandResult.Output"/> is then empty.</summary>
    public Func<Stream, CancellationToken, Task>? OutputReader { get; init; }

    /// <summary>Called for each line of standard output and standard error as it comes, from one thread at a time.</summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>What a user without the program is told to do, e.g. <c>apt-get install git</c>.</summary>
    public string? Remedy { get; init; }

    /// <summary>Runs the program to its end. A cancelled run is killed with its children.</summary>
    /// <exception cref="ProblemException">The program is not there.</exception>
    public async Task<CommandResult> RunAsync(CancellationToken cancellation = default)
    {
        using var process = Start();
        await using var kill = cancellation.Register(() => Kill(process));
        var lines = new Lock();
        // A program that nobody listens to any more would wait for ever with a full pipe.
        async Task<string> OrKillAsync(Task<string> reading)
        {
            try
            {
                return await reading;
            }
            catch
            {
                Kill(process);
                throw;
            }
        }

        var error = OrKillAsync(ReadLinesAsync(process.StandardError, lines, cancellation));
        var output = OrKillAsync(OutputReader is null
            ? ReadLinesAsync(process.StandardOutput, lines, cancellation)
            : ReadBytesAsync(process.StandardOutput.BaseStream, cancellation));
        await WriteInputAsync(process, cancellation);
        await process.WaitForExitAsync(CancellationToken.None);
        var result = new CommandResult(this, process.ExitCode, await output, await error);
        cancellation.ThrowIfCancellationRequested();
        return result;
    }

    /// <summary>Runs the program and fails with its standard error when it does not exit with 0.</summary>
    public async Task<CommandResult> RequireAsync(CancellationToken cancellation = default) =>
        (await RunAsync(cancellation)).RequireSuccess();

    /// <summary>The command as a person would type it; for messages only.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(Quote));

    Process Start()
    {
        var start = new ProcessStartInfo(Program, Arguments)
        {
            WorkingDirectory = WorkingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            StandardOutputEncoding = new UTF8Encoding(false),
            StandardErrorEncoding = new UTF8Encoding(false),
        };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            var why = WorkingDirectory is { Length: > 0 } directory && !Directory.Exists(directory) ? $"there is no directory {directory}"
                : Path.Exists(Program) || e.NativeErrorCode != NoSuchFile ? new Win32Exception(e.NativeErrorCode).Message
                : Program.Contains(Path.DirectorySeparatorChar) ? "there is no such file" : "there is no such program on PATH";
            throw new ProblemException(new Problem($"'{Program}' cannot be started: {why}", Remedy: Remedy), e);
        }
    }

    async Task WriteInputAsync(Process process, CancellationToken cancellation)
    {
        try
        {
            if (InputWriter is not null) await InputWriter(process.StandardInput.BaseStream, cancellation);
            else if (Input is not null) await process.StandardInput.WriteAsync(Input.AsMemory(), cancellation);
            process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program ended without reading all of its input (its exit code says why), or the writer closed the stream itself.
        }
    }

    async Task<string> ReadLinesAsync(StreamReader reader, Lock lines, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            text.Append(line).Append('\n');
            if (OnLine is null || cancellation.IsCancellationRequested) continue;
            lock (lines) OnLine(line);
        }

        return text.ToString();
    }

    async Task<string> ReadBytesAsync(Stream stream, CancellationToken cancellation)
    {
        await OutputReader!(stream, cancellation);
        return "";
    }

    static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    static string Quote(string argument) =>
        argument.Length > 0 && argument.All(x => char.IsAsciiLetterOrDigit(x) || "-_./:=@%+,^~".Contains(x))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
