using Nuke.Common.IO;
using OpenStack.Oci;

namespace OpenStack.Lab;

/// <summary>
/// What a laboratory has been provided with, remembered so that it can be told without looking: words such as
/// <c>service:keystone@linux/amd64</c>, where a star stands for all that it knows.
/// </summary>
sealed class ProvidedParts
{
    const string All = "*";
    const string Signing = "signing";
    const string Handler = "handler:";

    readonly SortedSet<string> _words = new(StringComparer.Ordinal);

    /// <summary>Null where nothing is remembered, or of a laboratory that was made of something else.</summary>
    /// <param name="file">Words in the first line, and what the laboratory was made of.</param>
    /// <param name="fingerprint">What it would be made of now.</param>
    public static ProvidedParts? Read(AbsolutePath file, string fingerprint)
    {
        if (!File.Exists(file) || File.ReadAllText(file).Split('\n', 2) is not [var words, var remembered]
            || remembered != fingerprint) return null;
        var parts = new ProvidedParts();
        parts._words.UnionWith(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return parts;
    }

    public string ToText(string fingerprint) => $"{string.Join(' ', _words)}\n{fingerprint}";

    /// <summary>Whether all of a demand has been provided.</summary>
    public bool Cover(LabDemand demand) =>
        Words(demand, PlatformName.Native).All(x => _words.Contains(x) || _words.Contains(OfAll(x)));

    /// <summary>The word that stands for all of a kind: <c>service:*@linux/amd64</c>.</summary>
    static string OfAll(string word) =>
        word.Split([':', '@'], 3) is [var kind, _, var platform] ? $"{kind}:{All}@{platform}" : word;

    /// <summary>Names of the handlers that the kernel had for the foreign ones of these platforms.</summary>
    public IEnumerable<string> Handlers(IReadOnlyList<string> platforms) => platforms.SelectMany(
        x => _words.Where(y => y.StartsWith(WordOf(x), StringComparison.Ordinal)),
        (platform, word) => word[WordOf(platform).Length..]);

    static string WordOf(string platform) => $"{Handler}{platform}=";

    /// <summary>These and what a demand has been provided with.</summary>
    /// <param name="demand">The demand.</param>
    /// <param name="native">The host's own platform.</param>
    /// <param name="handlers">By foreign platform, the name of the kernel's handler.</param>
    public ProvidedParts With(LabDemand demand, string native, IReadOnlyDictionary<string, string> handlers)
    {
        var parts = new ProvidedParts();
        var replaced = handlers.Keys.Select(WordOf).ToList();
        parts._words.UnionWith(_words.Where(x => !replaced.Any(y => x.StartsWith(y, StringComparison.Ordinal))));
        parts._words.UnionWith(handlers.Select(x => WordOf(x.Key) + x.Value));
        parts._words.UnionWith(Words(demand, native));
        return parts;
    }

    static IEnumerable<string> Words(LabDemand demand, string own)
    {
        if (demand.Signs) yield return Signing;
        foreach (var platform in demand.Platforms.Append(own).Distinct())
        {
            yield return $"base-image@{platform}";
            foreach (var service in demand.Services ?? [All])
            {
                yield return $"service:{service}@{platform}";
                if (demand.Tests) yield return $"tests:{service}@{platform}";
            }

            foreach (var library in demand.Libraries ?? [All]) yield return $"library:{library}@{platform}";
            foreach (var native in demand.Natives) yield return $"native:{native}@{platform}";
        }
    }
}
