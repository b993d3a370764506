using OpenStack.Processes;

namespace OpenStack.Sources;

/// <summary>Repeats a run of git while the network, and not the request, is at fault.</summary>
/// <param name="Attempts">Runs in all, at least 1.</param>
/// <param name="Wait">
/// Before the second run; doubled before each further one, and varied by half of it either way.
/// </param>
public sealed record NetworkRetry(int Attempts, TimeSpan Wait)
{
    /// <summary>What curl, ssh and git say of a network or server that may do better in a moment.</summary>
    static readonly string[] s_transient =
    [
        "Connection closed", "Connection refused", "Connection reset", "Connection timed out", "Could not resolve host",
        "Couldn't connect", "Empty reply from server", "Failed to connect", "Name or service not known",
        "Network is unreachable", "No route to host", "Operation timed out", "Operation too slow", "SSL_ERROR_SYSCALL",
        "Temporary failure in name resolution", "early EOF", "gnutls_handshake() failed", "returned error: 429",
        "returned error: 5", "the remote end hung up unexpectedly", "transfer closed", "unexpected disconnect",
        "was not closed cleanly",
    ];

    public static NetworkRetry Default { get; } = new(4, TimeSpan.FromSeconds(1));

    /// <summary>Whether a failed run may succeed unchanged.</summary>
    public static bool IsTransient(CommandResult result) =>
        !result.Succeeded && s_transient.Any(x => result.Error.Contains(x, StringComparison.OrdinalIgnoreCase));

    /// <summary>The first run that succeeds or fails for good, or else the last one.</summary>
    public async Task<CommandResult> RunAsync(Command command, CancellationToken cancellation = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await command.RunAsync(cancellation);
            if (attempt >= Attempts || !IsTransient(result)) return result;
            await Task.Delay(Wait * Math.Pow(2, attempt - 1) * (0.5 + Random.Shared.NextDouble()), cancellation);
        }
    }
}
