using System.Text.RegularExpressions;

namespace OpenStack.Sources;

/// <summary>Urls of git remotes, made fit to be stored and printed.</summary>
public static partial class RemoteUrl
{
    /// <summary>What a url of a repository may end with.</summary>
    public const string Suffix = ".git";

    /// <summary>
    /// The text with the credentials of every url in it removed: the whole user information, except the user name of
    /// <c>ssh</c>, which is part of the address there.
    /// </summary>
    public static string WithoutCredentials(string text) => UserInformation().Replace(text, x =>
    {
        var (scheme, user) = (x.Groups["scheme"].Value, x.Groups["user"].Value);
        var isAddress = scheme.Contains("ssh", StringComparison.OrdinalIgnoreCase);
        return isAddress ? $"{scheme}://{user}@" : $"{scheme}://";
    });

    /// <summary>The url of a repository without <c>.git</c>, which a server does without.</summary>
    public static string WithoutSuffix(string url) =>
        url.EndsWith(Suffix, StringComparison.Ordinal) ? url[..^Suffix.Length] : url;

    /// <summary>The repository's own name, which need not be that of what is made of it.</summary>
    public static string NameOf(string url) => WithoutSuffix(url.TrimEnd('/')).Split('/', ':')[^1];

    [GeneratedRegex(@"(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<user>[^\s/:@']*)[^\s/']*@")]
    private static partial Regex UserInformation();
}
