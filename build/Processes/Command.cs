using System.ComponentModel;
using System.Diagnostics;
using OpenStack.Diagnostics;

namespace OpenStack.Processes;

/// <summary>
/// One run of an external program: an argument list, never a shell string. The program's environment is the caller's
/// with <see cref="Environment"/> laid over it (a null value removes a variable).
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

    /// <summary>
    /// Reads standard output as bytes; <see cref="CommandResult.Output"/> is then empty. A program that still writes a
    /// while after this has come to its end, or does not end, is killed.
    /// </summary>
    public Func<Stream, CancellationToken, Task>? OutputReader { get; init; }

    /// <summary>
    /// Called for each line of standard output and standard error as it comes, from one thread at a time.
    /// </summary>
    public Action<string>? OnLine { get; init; }

    /// <summary>What a user without the program is told to do, e.g. <c>apt-get install git</c>.</summary>
    public string? Remedy { get; init; }

    /// <summary>
    /// Runs the program to its end. Nothing of it is left when this ends by an exception: a cancelled run, one whose
    /// input cannot be written or whose output nobody reads, is killed with all that it has started. So it is when this
    /// process is killed.
    /// </summary>
    /// <exception cref="ProblemException">The program is not there.</exception>
    public Task<CommandResult> RunAsync(CancellationToken cancellation = default) =>
        new ProgramRun(this).RunAsync(cancellation);

    /// <summary>Runs the program and fails with its standard error when it does not exit with 0.</summary>
    public async Task<CommandResult> RequireAsync(CancellationToken cancellation = default) =>
        (await RunAsync(cancellation)).RequireSuccess();

    /// <summary>The command as a person would type it; for messages only.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(Quote));

    internal Process Start(ProgramMark mark)
    {
        var start = new ProcessStartInfo(Program, Arguments)
        {
            WorkingDirectory = WorkingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in Environment) start.Environment[name] = value;
        start.Environment[ProgramMark.Variable] = mark.Value;
        // What programs tell of themselves is part of the span that has started them (W3C Trace Context).
        if (Activity.Current is { } span) start.Environment["TRACEPARENT"] = span.Id;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new ProblemException(
                new Problem($"'{Program}' cannot be started: {WhyNot(e.NativeErrorCode)}", Remedy: Remedy), e);
        }
    }

    string WhyNot(int error)
    {
        if (WorkingDirectory is { Length: > 0 } directory && !Directory.Exists(directory))
            return $"there is no directory {directory}";
        if (Path.Exists(Program) || error != NoSuchFile) return new Win32Exception(error).Message;
        return Program.Contains(Path.DirectorySeparatorChar) ? "there is no such file"
            : "there is no such program on PATH";
    }

    static string Quote(string argument) =>
        argument.Length > 0 && argument.All(x => char.IsAsciiLetterOrDigit(x) || "-_./:=@%+,^~".Contains(x))
            ? argument
            : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
