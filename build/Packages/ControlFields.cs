namespace OpenStack.Packages;

/// <summary>
/// Debian's control file syntax (deb-control(5)): <c>Field: value</c>, continued on lines that begin with white space.
/// </summary>
static class ControlFields
{
    /// <summary>
    /// The fields of one stanza; names compare without case, continuation lines keep their line break.
    /// </summary>
    public static Dictionary<string, string> Parse(string stanza)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        string? last = null;
        foreach (var line in stanza.Split('\n'))
        {
            if (line.Length == 0) continue;
            if (char.IsWhiteSpace(line[0]) && last is not null) fields[last] += "\n" + line.Trim();
            else if (line.IndexOf(':') is var colon and > 0) fields[last = line[..colon]] = line[(colon + 1)..].Trim();
        }

        return fields;
    }
}
