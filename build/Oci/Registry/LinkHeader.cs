namespace OpenStack.Oci;

/// <summary><c>Link: &lt;/v2/…&gt;; rel="next"</c> (RFC 8288), by which registries page.</summary>
static class LinkHeader
{
    /// <summary>The target of the first link with the relation <c>next</c>; null without one.</summary>
    public static string? Next(string header)
    {
        for (var start = header.IndexOf('<', StringComparison.Ordinal); start >= 0;)
        {
            var end = header.IndexOf('>', start);
            if (end < 0) return null;
            var following = header.IndexOf('<', end);
            var parameters = following < 0 ? header[(end + 1)..] : header[(end + 1)..following];
            if (IsNext(parameters)) return header[(start + 1)..end];
            start = following;
        }

        return null;
    }

    static bool IsNext(string parameters) => parameters.Split(';', ',').Select(x => x.Split('=', 2)).Any(x =>
        x is [var name, var value] && name.Trim().Equals("rel", StringComparison.OrdinalIgnoreCase)
        && value.Trim().Trim('"').Split(' ').Contains("next", StringComparer.OrdinalIgnoreCase));
}
