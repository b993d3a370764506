using System.Globalization;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.Lab;

/// <summary>The log of one step of provisioning: every command of it with all that it printed.</summary>
sealed class StepLog
{
    /// <summary>
    /// Environment variable of every command of a step: by it, what a killed run left running is found.
    /// </summary>
    public const string Mark = "OPENSTACK_LAB_LOG";

    readonly Lock _lock = new();

    public StepLog(AbsolutePath directory, string step)
    {
        Directory.CreateDirectory(directory);
        File = directory / $"{step}.log";
        System.IO.File.WriteAllText(File, "");
    }

    public AbsolutePath File { get; }

    /// <summary>Runs a command of this step.</summary>
    /// <param name="failure">What a failure means, as a sentence without its final dot.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <param name="onLine">Gets each line as well.</param>
    /// <exception cref="ProblemException">
    /// It failed: <paramref name="failure"/>, its last error and the place of the log.
    /// </exception>
    public async Task<CommandResult> RunAsync(Command command, string failure, CancellationToken cancellation,
        Action<string>? onLine = null)
    {
        Write($"{DateTime.UtcNow.ToString("HH:mm:ss", CultureInfo.InvariantCulture)} {command}");
        var environment = new Dictionary<string, string?>(command.Environment) { [Mark] = File.Parent };
        var result = await (command with { OnLine = Write + onLine, Environment = environment }).RunAsync(cancellation);
        if (result.Succeeded) return result;
        Write($"exit code {result.ExitCode}");
        // apt and dpkg tell the cause first.
        var reason = result.Error.Split('\n').FirstOrDefault(x => x.StartsWith("E: ", StringComparison.Ordinal))
            ?? result.Tail(1).Trim();
        throw new ProblemException(reason.Length == 0 ? failure : $"{failure} ({reason})", $"See {File}");
    }

    public void Write(string line)
    {
        lock (_lock) System.IO.File.AppendAllText(File, line + "\n");
    }
}
