namespace OpenStack.Sbom;

/// <summary>Ids of the SPDX licence list, and what else licences are called.</summary>
static class SpdxLicenses
{
    const string Exception = " exception";

    static readonly Dictionary<string, string> s_ids = SbomData.Lines("spdx-ids.txt")
        .ToDictionary(x => x, StringComparer.OrdinalIgnoreCase);

    static readonly Dictionary<string, string> s_exceptions =
        SbomData.Lines("spdx-exceptions.txt").ToDictionary(x => x, StringComparer.OrdinalIgnoreCase);

    static readonly Dictionary<string, string> s_names = SbomData.Map("license-names.txt");

    /// <summary>Whether a text is an id, as it is spelt in the list.</summary>
    public static bool IsId(string text) => s_ids.TryGetValue(text, out var id) && id == text;

    /// <summary>The id of a licence by its name; null where it is not known.</summary>
    /// <param name="isDebian">
    /// Whether a name is Debian's, to which GPL-2 is that version alone, GPL-2+ that or a later one.
    /// </param>
    public static string? IdOf(string name, bool isDebian)
    {
        if (!isDebian && s_ids.TryGetValue(name, out var spelt)) return spelt;
        if (!isDebian && s_names.TryGetValue(name, out var named) && IsId(named)) return Family(named, orLater: false);
        var orLater = name.EndsWith('+');
        var plain = orLater ? name[..^1] : name;
        // Debian may write GPL-2.0+ for GPL-2+.
        foreach (var candidate in (string[])[plain,
            plain.EndsWith(".0", StringComparison.Ordinal) ? plain[..^2] : plain])
        {
            var id = s_names.GetValueOrDefault(candidate) ?? s_ids.GetValueOrDefault(candidate);
            if (id is not null) return Family(id, orLater);
        }

        return null;
    }

    /// <summary>An exception by its id or name, with or without the word itself.</summary>
    public static string? ExceptionOf(string name)
    {
        var plain = name.EndsWith(Exception, StringComparison.OrdinalIgnoreCase) ? name[..^Exception.Length] : name;
        return s_names.GetValueOrDefault(plain + Exception) ?? s_exceptions.GetValueOrDefault(name);
    }

    /// <summary>Those of GNU have two ids each, and SPDX has withdrawn the one that did not say which.</summary>
    static string? Family(string id, bool orLater) =>
        s_ids.GetValueOrDefault($"{id}-{(orLater ? "or-later" : "only")}")
        ?? (IsId(id) ? id + (orLater && !id.EndsWith("-or-later", StringComparison.Ordinal) ? "+" : "") : null);
}
