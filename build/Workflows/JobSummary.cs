using System.Text;
using Nuke.Common.IO;

namespace OpenStack.Workflows;

/// <summary>
/// The page that GitHub shows of a job: Markdown that each step appends to a file of its own (docs.github.com, "Adding
/// a job summary").
/// </summary>
/// <param name="file">The step's file.</param>
public sealed class JobSummary(AbsolutePath file)
{
    /// <summary>Bytes that GitHub takes of a step. Of a step with more it shows nothing at all.</summary>
    public const int Limit = 1 << 20;

    const string Cut = "\n**Here it is cut: a step may have 1 MiB. The log has everything.**\n";

    /// <summary>That of the step that this process is part of; null outside of GitHub's jobs.</summary>
    public static JobSummary? OfStep => Environment.GetEnvironmentVariable("GITHUB_STEP_SUMMARY") is { } path
        && Path.IsPathRooted(path)
        ? new JobSummary(path)
        : null;

    /// <summary>
    /// Appends a section, in one write. What does not fit is cut after a whole line, with a word about it; after that,
    /// nothing more is written.
    /// </summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Append(string markdown)
    {
        using var stream = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (EndsWithCut(stream)) return;
        stream.Seek(0, SeekOrigin.End);
        stream.Write(Encoding.UTF8.GetBytes(Fit($"{(stream.Length == 0 ? "" : "\n")}{markdown}",
            Limit - stream.Length)));
    }

    /// <summary>As much of a text as there is room for, in bytes of UTF-8.</summary>
    static string Fit(string text, long room)
    {
        // Whatever is written leaves room for the word.
        room -= Cut.Length + Closing.Length;
        if (Encoding.UTF8.GetByteCount(text) <= room) return text;
        var kept = new StringBuilder();
        foreach (var line in text.Split('\n').Select(x => $"{x}\n"))
        {
            room -= Encoding.UTF8.GetByteCount(line);
            if (room < 0) break;
            kept.Append(line);
        }

        var isOpen = kept.ToString() is var whole
            && whole.LastIndexOf("<details>", StringComparison.Ordinal) > whole.LastIndexOf(Closing,
                StringComparison.Ordinal);
        return kept + (isOpen ? Closing : "") + Cut;
    }

    const string Closing = "\n</details>\n";

    static bool EndsWithCut(FileStream stream)
    {
        if (stream.Length < Cut.Length) return false;
        var end = new byte[Cut.Length];
        stream.Seek(-end.Length, SeekOrigin.End);
        stream.ReadExactly(end);
        return Encoding.UTF8.GetString(end) == Cut;
    }
}
