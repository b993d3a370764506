using OpenStack.Diagnostics;

namespace OpenStack.Network;

/// <summary>
/// Something that has the same files as another place: <c>https://files.example/=https://mirror.example/pypi/</c>.
/// </summary>
/// <param name="Prefix">What the urls of files begin with that it has.</param>
/// <param name="Replacement">What they begin with there.</param>
public sealed record InputMirror(string Prefix, string Replacement)
{
    /// <summary>Several, as a user writes them.</summary>
    /// <exception cref="ProblemException">All that are none.</exception>
    public static IReadOnlyList<InputMirror> ParseAll(IReadOnlyList<string> texts)
    {
        var problems = new List<Problem>();
        var mirrors = new List<InputMirror>();
        foreach (var text in texts)
        {
            if (text.Split('=', 2) is not [var prefix, var replacement] || !IsUrl(prefix) || !IsUrl(replacement))
                problems.Add(new Problem($"--input-mirrors has the value '{text}'",
                    Expected: "url=url, as in https://files.pythonhosted.org/=https://mirror.example/pypi/"));
            else if (new[] { prefix, replacement }.Any(x => new Uri(x).UserInfo.Length > 0))
                problems.Add(new Problem($"--input-mirrors has a user and a password for {new Uri(replacement).Host}",
                    Remedy: "Leave them out: those of archives of packages are in the file of --apt-auth, others in "
                        + "~/.netrc"));
            else mirrors.Add(new InputMirror(prefix, replacement));
        }

        ProblemException.ThrowIfAny(problems);
        return mirrors;
    }

    /// <summary>Where it has a file; null where it is another's.</summary>
    public string? Of(string url) =>
        url.StartsWith(Prefix, StringComparison.Ordinal) ? Replacement + url[Prefix.Length..] : null;

    /// <summary>What a file of it is called by all others; the url itself where it is none of its files.</summary>
    public static string Original(string url, IReadOnlyList<InputMirror> mirrors) => mirrors
        .Where(x => url.StartsWith(x.Replacement.TrimEnd('/') + "/", StringComparison.Ordinal))
        .Select(x => x.Prefix.TrimEnd('/') + url[x.Replacement.TrimEnd('/').Length..]).FirstOrDefault() ?? url;

    static bool IsUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
}
