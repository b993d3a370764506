using System.Net;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using OpenStack.Diagnostics;
using OpenStack.Network;

namespace OpenStack.Indexes;

/// <summary>A Python package index: the root of a simple repository API (PEP 503).</summary>
/// <param name="Name">By which credentials are found, as uv does it; empty where it has none.</param>
/// <param name="Url">Without credentials.</param>
public sealed partial record PackageIndex(string Name, Uri Url)
{
    /// <summary>Asked where no other is named.</summary>
    public static PackageIndex PyPi { get; } = new("", new Uri("https://pypi.org/simple"));

    /// <summary>User and password; null where it wants none.</summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>
    /// <c>url</c> or <c>name=url</c>, as <c>UV_INDEX</c> and <c>--index</c> of uv have it.
    /// </summary>
    /// <param name="variable">Of the environment, of which an index has its credentials: <c>UV_INDEX_NAME_USERNAME</c>
    /// and <c>UV_INDEX_NAME_PASSWORD</c>.</param>
    /// <param name="mayHoldCredentials">Whether the text itself may, since nobody sees it.</param>
    /// <param name="shownAs">Where it is said, in messages.</param>
    public static PackageIndex Parse(string text, Func<string, string?> variable, bool mayHoldCredentials,
        string shownAs)
    {
        var (name, address) = Named().Match(text) is { Success: true } named
            ? (named.Groups["name"].Value, named.Groups["url"].Value)
            : ("", text);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme is not ("https" or "http"))
            throw new ProblemException(new Problem($"{shownAs} has '{Hidden(address)}', which is no index",
                Expected: "https://host/path of a simple repository, or name=https://…",
                Remedy: "Name the url that pip takes as --index-url"));
        var (user, password) = url.UserInfo.Length == 0 ? (null, null)
            : url.UserInfo.Split(':', 2) is [var first, var second] ? (first, second) : (url.UserInfo, "");
        if (user is not null && !mayHoldCredentials)
            throw new ProblemException(new Problem($"{shownAs} has credentials for {url.Host}, which everybody sees "
                + "who lists processes or reads the file", Expected: "an index without user and password",
                Remedy: "Give it a name (private=https://…), and set UV_INDEX_PRIVATE_USERNAME and "
                    + "UV_INDEX_PRIVATE_PASSWORD, or write them into ~/.netrc"));
        if (name.Length > 0 && variable(VariableOf(name, "USERNAME")) is { Length: > 0 } known)
            (user, password) = (known, variable(VariableOf(name, "PASSWORD")) ?? "");
        return new PackageIndex(name, new UriBuilder(url) { UserName = "", Password = "" }.Uri)
        {
            Credential = user is null
                ? Netrc.Find(url.Host, variable)
                : new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password ?? "")),
        };
    }

    /// <summary>The variable that has a part of its credentials, as uv names it.</summary>
    internal static string VariableOf(string name, string part) =>
        $"UV_INDEX_{NoVariable().Replace(name.ToUpperInvariant(), "_")}_{part}";

    /// <summary>By which the index, and nobody else, knows who asks; null where it does not want to.</summary>
    public AuthenticationHeaderValue? AuthorizationFor(Uri address) =>
        Credential is not null && address.Authority == Url.Authority && address.Scheme == Url.Scheme
            ? BasicAuthentication.Of(Credential)
            : null;

    /// <summary>Where what it has of a project is listed.</summary>
    public Uri PageOf(string name) => new($"{Url.AbsoluteUri.TrimEnd('/')}/{name}/");

    public override string ToString() => Name.Length > 0 ? $"{Name} ({Url})" : $"{Url}";

    static string Hidden(string text) => Userinfo().Replace(text, "://…@");

    [GeneratedRegex("^(?<name>[A-Za-z0-9._-]+)=(?<url>.*)$")]
    private static partial Regex Named();

    [GeneratedRegex("[^A-Z0-9]")]
    private static partial Regex NoVariable();

    [GeneratedRegex("://[^/@]*@")]
    private static partial Regex Userinfo();
}
