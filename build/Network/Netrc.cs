using System.Net;

namespace OpenStack.Network;

/// <summary>
/// The user's <c>~/.netrc</c>, or the file that <c>NETRC</c> names, as curl, pip and uv read it (netrc(5)): words, of
/// which <c>machine</c>, <c>login</c> and <c>password</c> count.
/// </summary>
public static class Netrc
{
    /// <returns>Null where it has nobody for the host; <c>default</c> is for every host.</returns>
    public static NetworkCredential? Find(string host, Func<string, string?> variable)
    {
        var file = variable("NETRC") is { Length: > 0 } named ? named
            : Path.Combine(variable("HOME") ?? "", ".netrc");
        return File.Exists(file) ? Find(host, File.ReadAllText(file)) : null;
    }

    internal static NetworkCredential? Find(string host, string text) =>
        Find(text, x => x is null || x == host);

    /// <summary>
    /// Of a file as apt reads it (apt_auth.conf(5)): machines may have a port, and the beginning of a path, and are
    /// asked by HTTPS, unless they begin with another scheme.
    /// </summary>
    public static NetworkCredential? FindOfArchive(Uri url, string text) => Find(text, x =>
    {
        if (x is null) return false;
        var machine = x.Contains("://", StringComparison.Ordinal) ? x : $"https://{x}";
        return Uri.TryCreate(machine, UriKind.Absolute, out var known) && known.Scheme == url.Scheme
            && known.Host == url.Host && (known.Port == url.Port || !machine.Contains(":" + known.Port))
            && url.AbsolutePath.StartsWith(known.AbsolutePath, StringComparison.Ordinal);
    });

    /// <param name="fits">Whether it is one that is asked; null is what is for all.</param>
    static NetworkCredential? Find(string text, Func<string?, bool> fits)
    {
        var words = text.Split('\n').Where(x => !x.TrimStart().StartsWith('#'))
            .SelectMany(x => x.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToList();
        for (var i = 0; i < words.Count; i++)
        {
            var isDefault = words[i] == "default";
            if (!isDefault && words[i] != "machine") continue;
            if (!fits(isDefault ? null : words.ElementAtOrDefault(i + 1))) continue;
            var entry = words.Skip(i + (isDefault ? 1 : 2))
                .TakeWhile(x => x is not ("machine" or "default" or "macdef"))
                .Chunk(2).Where(x => x.Length == 2).ToLookup(x => x[0], x => x[1]);
            if (entry["login"].FirstOrDefault() is { } login)
                return new NetworkCredential(login, entry["password"].FirstOrDefault(""));
        }

        return null;
    }
}
