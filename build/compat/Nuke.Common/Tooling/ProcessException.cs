using System.Text;
using Nuke.Common.Utilities;

namespace Nuke.Common.Tooling;

/// <summary>A process ended with another exit code than zero.</summary>
public class ProcessException : Exception
{
    public ProcessException(IProcess process)
        : base(MessageOf(process)) => ExitCode = process.ExitCode;

    public int ExitCode { get; }

    static string MessageOf(IProcess process)
    {
        const string indentation = "   ";
        var message = new StringBuilder()
            .AppendLine($"Process '{Path.GetFileName(process.FileName)}' exited with code {process.ExitCode}.")
            .AppendLine($"{indentation}> {process.FileName.DoubleQuoteIfNeeded()} {process.Arguments}")
            .AppendLine($"{indentation}@ {process.WorkingDirectory}");
        var errors = process.Output.Where(x => x.Type == OutputType.Err).ToArray();
        message.AppendLine(errors.Length > 0 ? "Error output:" : "Standard output:");
        foreach (var line in errors.Length > 0 ? errors : process.Output)
            message.Append(indentation).AppendLine(line.Text);
        return message.ToString();
    }
}
