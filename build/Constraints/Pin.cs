using OpenStack.Diagnostics;

namespace OpenStack.Constraints;

/// <summary>A pin of openstack/requirements: <c>name===version[;marker]</c>.</summary>
/// <param name="Name">The name as written; compare <see cref="Key"/>.</param>
/// <param name="Text">The whole line as written, without comment and blanks around it.</param>
public sealed record Pin(string Name, string Version, Marker? Marker, string Text)
{
    public PythonName Key { get; } = PythonName.Of(Name);

    /// <summary>The version, with the marker where there is one.</summary>
    public string VersionAndMarker => Marker is null ? Version : $"{Version}; {Marker}";

    /// <summary>A pin in the form of openstack/requirements.</summary>
    public static Pin Of(string name, string version, Marker? marker) =>
        new(name, version, marker, $"{name}==={version}" + (marker is null ? "" : $";{marker}"));

    /// <summary>Null when <paramref name="problem"/> says why; its column counts from 1 within the text, its file and line are not set.</summary>
    public static Pin? TryParse(string text, out Problem? problem)
    {
        if (Requirement.TryParse(text, out problem) is not { } requirement) return null;
        var column = requirement.Name.Length + 1;
        if (requirement.Extras.Count > 0)
            problem = new Problem($"'{requirement.Name}' is constrained with extras", Column: column, Expected: "a name alone", Remedy: "A constraint counts for every extra");
        else if (requirement.Specifiers.Count == 0)
            problem = new Problem($"'{requirement.Name}' has no version", Column: column, Expected: "name===version[;marker]");
        else if (requirement.Specifiers is not [{ Operator: "===" or "==", IsPrefix: false } only])
            problem = new Problem($"'{requirement.Name}{string.Join(',', requirement.Specifiers)}' is a range", Column: column,
                Expected: "one version", Remedy: $"Write {requirement.Name}==={requirement.Specifiers[0].Version.Replace(".*", "", StringComparison.Ordinal)}, or whichever version it is to be");
        else if (PythonVersion.TryParse(only.Version) is null)
            problem = new Problem($"'{only.Version}' is not a version", Column: column + only.Operator.Length, Expected: "PEP 440, as in 1.2.3");
        else return new Pin(requirement.Name, only.Version, requirement.Marker, text);
        return null;
    }
}
