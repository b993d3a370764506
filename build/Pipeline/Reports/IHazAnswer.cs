using Nuke.Common;

namespace OpenStack.Pipeline.Reports;

/// <summary>A target that answers a question, to people or to programs.</summary>
interface IHazAnswer : IHazRun
{
    [Parameter("Answers as JSON, alone on standard output; everything else goes to standard error")]
    bool Json => TryGetValue<bool?>(() => Json) ?? false;

    /// <summary>Whether standard output is for the answer alone.</summary>
    bool IsDocument => Json;

    /// <summary>Whatever else is told: on standard output are whole documents.</summary>
    void Answer(string text)
    {
        if (!IsDocument)
        {
            Console.Write(text);
            return;
        }

        using var output = new StreamWriter(Console.OpenStandardOutput());
        output.Write(text);
    }
}
