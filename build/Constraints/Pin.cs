using OpenStack.Diagnostics;

namespace OpenStack.Constraints;

/// <summary>
/// A pin of openstack/requirements, <c>name===version[;marker]</c>, or of somebody who writes <c>==</c>.
/// </summary>
/// <param name="Name">The name as written; compare <see cref="Key"/>.</param>
/// <param name="Version">As written.</param>
/// <param name="Text">The whole line as written, without comment and blanks around it.</param>
/// <param name="Operator">
/// <c>===</c> compares the text that an index has, <c>==</c> the version in whatever spelling (PEP 440):
/// <c>==2024.08.30</c> finds 2024.8.30, <c>===2024.08.30</c> nothing.
/// </param>
public sealed record Pin(string Name, string Version, Marker? Marker, string Text, string Operator = Pin.Exactly)
{
    const string Exactly = "===";

    public PythonName Key { get; } = PythonName.Of(Name);

    /// <summary>The version, with the marker where there is one.</summary>
    public string VersionAndMarker => Marker is null ? Version : $"{Version}; {Marker}";

    /// <summary>Whether no index can have it: what is compared as text must be spelt as indexes spell it.</summary>
    public bool IsUnknownToIndexes =>
        Operator == Exactly && NormalVersion is { } normal
        && !string.Equals(normal, Version, StringComparison.OrdinalIgnoreCase);

    /// <summary>The version as an index spells it.</summary>
    public string? NormalVersion => PythonVersion.TryParse(Version)?.Normal;

    /// <summary>A pin in the form of openstack/requirements.</summary>
    public static Pin Of(string name, string version, Marker? marker, string @operator = Exactly) =>
        new(name, version, marker, $"{name}{@operator}{version}" + (marker is null ? "" : $";{marker}"), @operator);

    /// <summary>Whether it lets the same version in as another one, whose text is what an index has.</summary>
    public bool IsOf(Pin exact) =>
        Version == exact.Version || (Operator != Exactly && PythonVersion.AreSame(Version, exact.Version));

    /// <summary>
    /// Whether it asks for the text of a version that is another text in an index: of two spellings, as 1.0 and 1.0.0
    /// are, an index has one.
    /// </summary>
    /// <param name="known">What an index has.</param>
    public bool IsMisspelt(Pin known) => Operator == Exactly && known.Operator == Exactly
        && !string.Equals(Version, known.Version, StringComparison.OrdinalIgnoreCase)
        && PythonVersion.AreSame(Version, known.Version);

    /// <summary>Whether an index can have a version that both let in.</summary>
    public bool AgreesWith(Pin other) => IsOf(other) || other.IsOf(this);

    /// <summary>
    /// Null when <paramref name="problem"/> says why; its column counts from 1 within the text, its file and line are
    /// not set.
    /// </summary>
    public static Pin? TryParse(string text, out Problem? problem)
    {
        if (Requirement.TryParse(text, out problem) is not { } requirement) return null;
        var column = requirement.Name.Length + 1;
        if (requirement.Url is not null)
            problem = requirement.FromUrl(text);
        else if (requirement.Extras.Count > 0)
            problem = new Problem($"'{requirement.Name}' is constrained with extras", Column: column,
                Expected: "a name alone", Remedy: "A constraint counts for every extra");
        else if (requirement.Specifiers.Count == 0)
            problem = new Problem($"'{requirement.Name}' has no version", Column: column,
                Expected: "name===version[;marker]");
        else if (requirement.Specifiers is not [{ Operator: Exactly or "==", IsPrefix: false } only])
            problem = new Problem($"'{requirement.Name}{string.Join(',', requirement.Specifiers)}' is a range",
                Column: column,
                Expected: "one version",
                Remedy: $"Write {requirement.Name}==="
                    + $"{requirement.Specifiers[0].Version.Replace(".*", "", StringComparison.Ordinal)}, or "
                    + "whichever version it is to be");
        else if (PythonVersion.TryParse(only.Version) is null)
            problem = new Problem($"'{only.Version}' is not a version", Column: column + only.Operator.Length,
                Expected: "PEP 440, as in 1.2.3");
        else return new Pin(requirement.Name, only.Version, requirement.Marker, text, only.Operator);
        return null;
    }
}
