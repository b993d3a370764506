namespace OpenStack.Oci;

/// <summary>One way in which a server lets itself be convinced (RFC 9110, section 11.3).</summary>
/// <param name="Scheme">In lower case: <c>basic</c>, <c>bearer</c>.</param>
/// <param name="Parameters">By their names in lower case.</param>
public sealed record AuthChallenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public string? this[string parameter] => Parameters.GetValueOrDefault(parameter);

    /// <summary>
    /// The challenges of one <c>WWW-Authenticate</c> header, which may hold several, separated by the same commas as
    /// their parameters. What cannot be understood is left out: somebody else's server wrote it.
    /// </summary>
    public static IReadOnlyList<AuthChallenge> Parse(string header)
    {
        var challenges = new List<AuthChallenge>();
        Dictionary<string, string>? parameters = null;
        for (var at = 0; at < header.Length;)
        {
            if (!IsToken(header[at]))
            {
                at++;
                continue;
            }

            var word = Token(header, ref at).ToLowerInvariant();
            var next = at;
            while (next < header.Length && header[next] is ' ' or '\t') next++;
            if (next < header.Length && header[next] == '=' && parameters is not null)
            {
                at = next + 1;
                parameters.TryAdd(word, Value(header, ref at));
            }
            else
            {
                challenges.Add(new AuthChallenge(word, parameters = []));
            }
        }

        return challenges;
    }

    static string Token(string text, ref int at)
    {
        var start = at;
        while (at < text.Length && IsToken(text[at])) at++;
        return text[start..at];
    }

    /// <summary>A token, or a quoted string with <c>\</c> before what is meant as it is.</summary>
    static string Value(string text, ref int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        if (at >= text.Length || text[at] != '"') return Token(text, ref at);
        var value = new System.Text.StringBuilder();
        for (at++; at < text.Length && text[at] != '"'; at++)
        {
            if (text[at] == '\\' && at + 1 < text.Length) at++;
            value.Append(text[at]);
        }

        at++;
        return value.ToString();
    }

    /// <summary>RFC 9110, section 5.6.2; with what unquoted values and token68 hold besides.</summary>
    static bool IsToken(char x) => char.IsAsciiLetterOrDigit(x) || "!#$%&'*+-.^_`|~/:".Contains(x);
}
