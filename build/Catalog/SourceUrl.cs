using System.Text.RegularExpressions;
using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>
/// What the url of a git repository may look like in a file that everybody reads: the forms of git-clone ("GIT URLS"),
/// but no transport that runs a program (<c>ext::</c>), nothing that git or ssh would take for an option, and no
/// secret.
/// </summary>
static partial class SourceUrl
{
    const string User = "(?:[A-Za-z0-9_][A-Za-z0-9._-]*@)?";
    const string Host = @"(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?";
    const string Path = "[A-Za-z0-9_.~+%@=,/-]+";

    /// <summary>The rule alone; <see cref="Check"/> says what is wrong.</summary>
    public static NameRule Rule { get; } = new("url", "https://host/path, or one with http, ssh, git or file, or "
        + "user@host:path", x => Check("", x, "", 0, 0) is null)
    {
        Pattern = $"^(?:(?:https?|git)://{Host}|ssh://{User}{Host}|file://)/{Path}$|^{User}[A-Za-z0-9][A-Za-z0-9.-]*:"
            + $"(?!-|//){Path}$",
    };

    public static Problem? Check(string component, string url, string file, int line, int column)
    {
        // Not with the url in it: messages end up in logs.
        if (Credentials().IsMatch(url))
            return new Problem($"the url of {component} has credentials in it", file, line, column, "a url without",
                "Take them out, change them, and leave them to a git credential helper (git help credentials)");
        return WithScheme().IsMatch(url) || LikeScp().IsMatch(url)
            ? null
            : new Problem($"the url of {component} is none that may be cloned from", file, line, column,
                Rule.Expected);
    }

    /// <summary>
    /// A password anywhere; a user anywhere but with ssh, where it is part of the address. Tokens are given as users.
    /// </summary>
    [GeneratedRegex(@"^(?:(?!ssh://)[A-Za-z][A-Za-z0-9+.-]*://[^/]*@|ssh://[^/@:]*:[^/]*@|[^/@:]*:[^/@]+@)")]
    private static partial Regex Credentials();

    [GeneratedRegex($@"^(?:(?:https?|git)://{Host}|ssh://{User}{Host}|file://)/{Path}\z")]
    private static partial Regex WithScheme();

    [GeneratedRegex($@"^{User}[A-Za-z0-9][A-Za-z0-9.-]*:(?!-|//){Path}\z")]
    private static partial Regex LikeScp();
}
