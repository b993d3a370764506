using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace OpenStack.Processes;

/// <summary>A program while it runs.</summary>
sealed class ProgramRun(Command command)
{
    /// <summary>
    /// For a program that nobody listens to any more, and for what it left in the background when it ended.
    /// </summary>
    static readonly TimeSpan s_grace = TimeSpan.FromSeconds(3);

    readonly Lock _lines = new();

    public async Task<CommandResult> RunAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await Interruption.HoldAsync();
        using var mark = new ProgramMark();
        using var process = command.Start(mark);
        using var input = new InputPipe(process.StandardInput.BaseStream);
        using var standardOutput = process.StandardOutput.BaseStream;
        using var standardError = process.StandardError.BaseStream;
        using var output = new OutputPipe(standardOutput);
        using var error = new OutputPipe(standardError);
        void Kill()
        {
            ProgramRun.Kill(process, mark);
            output.End();
            error.End();
        }

        async Task<T> OrKill<T>(Task<T> work)
        {
            try
            {
                return await work;
            }
            catch
            {
                Kill();
                throw;
            }
        }

        using var useless = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await using var kill = cancellation.Register(Kill);
        var written = OrKill(WriteAsync(input, useless));
        var said = OrKill(ReadLinesAsync(error, cancellation));
        var read = OrKill(command.OutputReader is null
            ? ReadLinesAsync(output, cancellation)
            : ReadBytesAsync(output, Kill, cancellation));
        await process.WaitForExitAsync(CancellationToken.None);
        await Interruption.HoldAsync();
        var all = Task.WhenAll(written, said, read);
        if (await Task.WhenAny(all, Task.Delay(s_grace, CancellationToken.None)) != all)
        {
            // The program has ended, and all that it wrote was read, or else something of it still runs.
            Kill();
            await useless.CancelAsync();
        }

        await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        await written;
        return new CommandResult(command, process.ExitCode, await read, await said);
    }

    /// <param name="useless">Cancelled when there is nobody to write for.</param>
    async Task<bool> WriteAsync(InputPipe pipe, CancellationTokenSource useless)
    {
        try
        {
            if (command.InputWriter is not null) await command.InputWriter(pipe, useless.Token);
            else if (command.Input is { } text) await pipe.WriteAsync(Encoding.UTF8.GetBytes(text), useless.Token);
        }
        catch (Exception) when (pipe.IsBroken || useless.IsCancellationRequested)
        {
            // The program has ended without reading all of its input; its exit code says why.
        }

        await pipe.DisposeAsync();
        return true;
    }

    async Task<string> ReadLinesAsync(OutputPipe pipe, CancellationToken cancellation)
    {
        using var reader = new StreamReader(pipe, new UTF8Encoding(false), false, leaveOpen: true);
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(CancellationToken.None) is { } line)
        {
            text.Append(line).Append('\n');
            if (command.OnLine is null || cancellation.IsCancellationRequested) continue;
            lock (_lines) command.OnLine(line);
        }

        return text.ToString();
    }

    async Task<string> ReadBytesAsync(OutputPipe pipe, Action kill, CancellationToken cancellation)
    {
        await command.OutputReader!(pipe, cancellation);
        // A program whose last words nobody wants may say them all the same; it would fail if the pipe were closed.
        var rest = DiscardAsync(pipe);
        if (await Task.WhenAny(rest, Task.Delay(s_grace, CancellationToken.None)) != rest) kill();
        await rest;
        return "";
    }

    static async Task DiscardAsync(OutputPipe pipe)
    {
        var buffer = new byte[1 << 16];
        while (await pipe.ReadAsync(buffer) > 0)
        {
        }
    }

    static void Kill(Process process, ProgramMark mark)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or AggregateException or Win32Exception)
        {
            // It has ended by itself, or a part of it belongs to somebody else.
        }

        mark.Kill();
    }
}
