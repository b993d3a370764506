namespace OpenStack.Network;

/// <summary>
/// The proxies that the environment names, as curl, git, pip and apt read them: <c>http_proxy</c>, <c>https_proxy</c>,
/// <c>all_proxy</c>, <c>no_proxy</c>, in small or in capital letters.
/// </summary>
public static class ProxyVariables
{
    /// <summary>
    /// BuildKit knows them without being told ("Predefined ARGs"): they are in no history and no key of its cache.
    /// </summary>
    static readonly string[] s_names = ["http_proxy", "https_proxy", "all_proxy", "no_proxy"];

    /// <summary>
    /// Both spellings of each that is set, with the variable that has its value: programs know one of them each, and
    /// those that know both take the small one.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Set(Func<string, string?> variable) => s_names
        .Select(x => (Name: x, From: new[] { x, x.ToUpperInvariant() }
            .FirstOrDefault(y => !string.IsNullOrEmpty(variable(y)))))
        .Where(x => x.From is not null)
        .SelectMany(x => new[] { x.Name, x.Name.ToUpperInvariant() }, (x, name) => (name, x.From))
        .ToDictionary(x => x.name, x => x.From!);

    /// <summary>Whether one of them has a password in it.</summary>
    public static bool HaveCredentials(Func<string, string?> variable) => Set(variable).Values.Distinct()
        .Any(x => Uri.TryCreate(variable(x), UriKind.Absolute, out var url) && url.UserInfo.Length > 0);
}
