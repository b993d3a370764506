namespace OpenStack.Packages;

/// <summary>
/// A distribution's <c>METADATA</c> or <c>PKG-INFO</c> (Python packaging, core metadata specification): header fields
/// and a body, the description.
/// </summary>
sealed class CoreMetadata
{
    readonly List<(string Name, string Value)> _fields = [];

    string _body = "";

    public string Name => First("Name") ?? "";

    public string Version => First("Version") ?? "";

    /// <summary>The body; an older form is a field.</summary>
    public string Description => _body.Length > 0 ? _body : First("Description") ?? "";

    public IEnumerable<string> Requirements => All("Requires-Dist");

    /// <summary>
    /// Continuation lines stay with their field; a text without a body may end in any number of line breaks.
    /// </summary>
    public static CoreMetadata Parse(string text)
    {
        var metadata = new CoreMetadata();
        text = text.Replace("\r\n", "\n", StringComparison.Ordinal);
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        metadata._body = end < 0 ? "" : text[(end + 2)..];
        foreach (var line in (end < 0 ? text : text[..end]).Split('\n'))
        {
            if (line.Length == 0) continue;
            if (char.IsWhiteSpace(line[0]) && metadata._fields.Count > 0)
                metadata._fields[^1] = metadata._fields[^1] with { Value = $"{metadata._fields[^1].Value}\n{line}" };
            else if (line.IndexOf(':') is var colon and > 0)
                metadata._fields.Add((line[..colon], line[(colon + 1)..].Trim()));
        }

        return metadata;
    }

    public static CoreMetadata Create(string name, string version, string summary) =>
        Parse($"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: {summary}");

    public IEnumerable<string> All(string name) => _fields.Where(x => Is(x.Name, name)).Select(x => x.Value);

    public void Add(string name, string value) => _fields.Add((name, value));

    /// <summary>Makes an egg's metadata that of a wheel: requirements and extras as header fields.</summary>
    public void AddFromEgg(string requiresTxt)
    {
        var (requirements, extras) = RequiresTxt.Parse(requiresTxt);
        if (!Requirements.Any())
        {
            foreach (var requirement in requirements) Add("Requires-Dist", requirement);
        }

        foreach (var extra in extras.Except(All("Provides-Extra")).ToList()) Add("Provides-Extra", extra);
        Set("Metadata-Version", "2.1");
    }

    /// <summary>Replaces the field, which must be there once.</summary>
    public void Set(string name, string value) => _fields[_fields.FindIndex(x => Is(x.Name, name))] = (name, value);

    /// <summary>Passes every requirement through <paramref name="change"/>; null removes it.</summary>
    public void ChangeRequirements(Func<string, string?> change)
    {
        var changed = _fields
            .Select(x => (x.Name, Value: Is(x.Name, "Requires-Dist") ? change(x.Value) : x.Value))
            .Where(x => x.Value is not null).Select(x => (x.Name, x.Value!)).ToList();
        _fields.Clear();
        _fields.AddRange(changed);
    }

    public override string ToString() => string.Concat(_fields.Select(x => $"{x.Name}: {x.Value}\n")) + "\n" + _body;

    string? First(string name) => All(name).FirstOrDefault();

    static bool Is(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
