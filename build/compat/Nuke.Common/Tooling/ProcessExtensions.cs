using System.Text.Json;
using Nuke.Common.Utilities;

namespace Nuke.Common.Tooling;

/// <summary>Checks of processes, and what they wrote.</summary>
public static class ProcessExtensions
{
    /// <exception cref="ArgumentException">Its time was over.</exception>
    public static IProcess AssertWaitForExit(this IProcess process)
    {
        Assert.True(process != null);
        Assert.True(process.WaitForExit());
        return process;
    }

    /// <exception cref="ProcessException">The exit code is not zero.</exception>
    public static IProcess AssertZeroExitCode(this IProcess process)
    {
        process.AssertWaitForExit();
        return process.ExitCode == 0 ? process : throw new ProcessException(process);
    }

    public static IReadOnlyCollection<Output> EnsureOnlyStd(this IReadOnlyCollection<Output> output)
    {
        foreach (var line in output)
            Assert.True(line.Type == OutputType.Std);
        return output;
    }

    public static string StdToText(this IEnumerable<Output> output) => output.Where(x => x.Type == OutputType.Std).Select(x => x.Text).JoinNewLine();

    public static T StdToJson<T>(this IEnumerable<Output> output) => JsonSerializer.Deserialize<T>(output.StdToText(), JsonSerializerOptions.Web);
}
