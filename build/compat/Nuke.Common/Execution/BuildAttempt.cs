using System.Security.Cryptography;
using System.Text;
using Nuke.Common.IO;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>
/// Remembers in <c>build-attempt.log</c> which targets have succeeded, for <c>--continue</c>: the MD5 of the arguments without
/// a dash, then one name per line.
/// </summary>
static class BuildAttempt
{
    static AbsolutePath File => NukeBuild.TemporaryDirectory / "build-attempt.log";

    /// <returns>The targets that succeeded in the attempt that is continued.</returns>
    public static IReadOnlyCollection<string> Begin(bool isContinuation)
    {
        var invocation = string.Join(' ', EnvironmentInfo.CommandLineArguments.Where(x => !x.StartsWith('-')));
        var hash = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(invocation)));
        var finished = isContinuation ? Previous(hash) : [];
        File.WriteAllLines([hash, .. finished]);
        return finished;
    }

    public static void Finished(string target) => System.IO.File.AppendAllLines(File, [target]);

    static string[] Previous(string hash)
    {
        if (!File.FileExists())
            return [];
        var lines = File.ReadAllLines();
        if (lines.FirstOrDefault() == hash)
            return lines[1..];
        Log.Warning("Build invocation changed. Restarting ...");
        return [];
    }
}
