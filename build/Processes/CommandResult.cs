using OpenStack.Diagnostics;

namespace OpenStack.Processes;

/// <summary>How a <see cref="Processes.Command"/> ended.</summary>
public sealed record CommandResult(Command Command, int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>Standard output without its trailing white space.</summary>
    public string Text => Output.TrimEnd();

    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The last lines of standard error (of standard output where there are none), for a message.</summary>
    public string Tail(int lines = 10) => string.Join('\n',
        (string.IsNullOrWhiteSpace(Error) ? Output : Error)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .TakeLast(lines));

    /// <param name="remedy">What to do about it. How the program is installed is no answer where it ran.</param>
    public CommandResult RequireSuccess(string? remedy = null) => Succeeded
        ? this
        : throw new ProblemException($"'{Command}' exited with code {ExitCode}: {Tail()}", remedy);
}
