using Nuke.Common.IO;

namespace OpenStack.Workflows;

/// <summary>
/// What a job hands to those after it: the file that <c>GITHUB_OUTPUT</c> names, one <c>name=value</c> per line.
/// </summary>
public static class JobOutputs
{
    /// <summary>The file of this step; null where this is no job of GitHub's.</summary>
    public static AbsolutePath? File =>
        Environment.GetEnvironmentVariable("GITHUB_OUTPUT") is { Length: > 0 } file ? file : null;

    public static void Append(AbsolutePath file, IReadOnlyDictionary<string, string> outputs) =>
        System.IO.File.AppendAllText(file, string.Concat(outputs.Select(x => $"{x.Key}={x.Value}\n")));
}
