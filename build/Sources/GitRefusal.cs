using System.Text.RegularExpressions;
using OpenStack.Processes;

namespace OpenStack.Sources;

/// <summary>What to do when git, or the server behind it, refuses to write a branch: by what it said, and by nothing
/// that was not said.</summary>
static partial class GitRefusal
{
    static readonly (string Remedy, string[] Said)[] s_remedies =
    [
        ("Somebody pushed to it meanwhile: run the same command again",
            ["stale info", "fetch first", "non-fast-forward", "but expected"]),
        ("Let the rules of the repository admit the branch",
            ["protected branch", "hook declined", "GH006", "GH013", "rule violations"]),
        ("Check that the token may write contents", ["returned error: 401", "returned error: 403", "Permission to",
            "Permission denied", "denied to", "Authentication failed", "could not read Username", "not permitted",
            "not allowed to push"]),
    ];

    /// <summary>Remedy for a refusal, as a sentence without its final dot.</summary>
    /// <param name="where">Where the branches are: <c>at 'origin'</c>, <c>here</c>.</param>
    public static string RemedyOf(CommandResult refused, string where)
    {
        if (Blocking().Match(refused.Error) is { Success: true, Groups: var blocking })
            return $"git cannot have a branch '{blocking["branch"].Value}' beside one below it: rename or delete "
                + $"'{blocking["branch"].Value}' {where}, and run the same command again";
        if (NetworkRetry.IsTransient(refused)) return "Check the network, and run the same command again";
        return s_remedies.FirstOrDefault(x =>
            x.Said.Any(y => refused.Error.Contains(y, StringComparison.OrdinalIgnoreCase))).Remedy
            ?? "Do as git says, and run the same command again";
    }

    /// <summary>git: refs/files-backend.c, refs.c (<c>refs_verify_refname_available</c>).</summary>
    [GeneratedRegex(@"'refs/heads/(?<branch>[^']+)' exists; cannot create")]
    private static partial Regex Blocking();
}
