using OpenStack.Diagnostics;
using OpenStack.Network;
using OpenStack.Processes;

namespace OpenStack.Sources;

/// <summary>Tells why a remote did not do what git asked of it.</summary>
static class RemoteFailure
{
    /// <summary>
    /// The problem behind a failed run; whether it may pass by itself is <see cref="NetworkRetry.IsTransient"/>.
    /// </summary>
    public static Problem Describe(string component, string remote, CommandResult result)
    {
        var url = RemoteUrl.WithoutCredentials(remote);
        var said = RemoteUrl.WithoutCredentials(string.Join("; ", result.Error
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(x => x.StartsWith("fatal:", StringComparison.Ordinal)
                || x.StartsWith("error:", StringComparison.Ordinal)
                || x.StartsWith("remote:", StringComparison.Ordinal) || x.StartsWith("ssh:", StringComparison.Ordinal))
            .Distinct()
            .TakeLast(3)));
        // git says this of a full disk while it writes a tree.
        if (result.Error.Contains("No space left on device", StringComparison.Ordinal)
            || result.Error.Contains("unable to write file", StringComparison.Ordinal))
        {
            return new Problem($"{component}: git cannot write to the disk ({said})",
                Remedy: "See whether it is full or read-only, make room and run the same command again");
        }

        if (result.Error.Contains(ObjectFormat.Mismatch, StringComparison.Ordinal))
            return ObjectFormat.Describe(component, url);
        if (WallRemedy.For(result.Error) is { } remedy)
            return new Problem($"{component}: {url} cannot be reached ({said})", Remedy: remedy);
        return NetworkRetry.IsTransient(result)
            ? new Problem($"{component}: {url} cannot be reached ({said})",
                Remedy: "Check the network and run the same command again")
            : new Problem($"{component}: git failed with {url} ({said})",
                Remedy: "Check the url, and your git credentials if it is private");
    }

    public static void ThrowIfFailed(string component, string remote, CommandResult result)
    {
        if (!result.Succeeded) throw new ProblemException(Describe(component, remote, result));
    }
}
