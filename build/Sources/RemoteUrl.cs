using System.Text.RegularExpressions;

namespace OpenStack.Sources;

/// <summary>Urls of git remotes, made fit to be stored and printed.</summary>
public static partial class RemoteUrl
{
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

    [GeneratedRegex(@"(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?<user>[^\s/:@']*)[^\s/']*@")]
    private static partial Regex UserInformation();
}
