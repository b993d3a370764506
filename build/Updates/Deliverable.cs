using OpenStack.Catalog;
using OpenStack.Diagnostics;
using OpenStack.Sources;

namespace OpenStack.Updates;

/// <summary>A version of a component that was released in a series.</summary>
/// <param name="Tag">As openstack/releases writes it.</param>
/// <param name="Commit">Where openstack/releases says that the tag is; null where it does not.</param>
public sealed record ReleasedVersion(string Tag, SemanticVersion Version, string? Commit)
{
    public override string ToString() => Tag;
}

/// <summary>
/// The versions of a component that belong to one release: <c>deliverables/&lt;series&gt;/&lt;component&gt;.yaml</c> of
/// openstack/releases. This list, and no rule about numbers, is what tells horizon 25.3.x of one release from 25.5.x of
/// the next.
/// </summary>
/// <param name="Versions">Lowest first.</param>
public sealed record Deliverable(IReadOnlyList<ReleasedVersion> Versions)
{
    /// <summary><c>service</c>, <c>library</c>, …; null where it does not say.</summary>
    public string? Type { get; private init; }

    /// <summary>What a release may be updated to: finals, or, while there are none, what there is.</summary>
    public IReadOnlyList<ReleasedVersion> Allowed =>
        Versions.Where(x => x.Version.IsFinal).ToList() is { Count: > 0 } finals ? finals : Versions;

    public static Deliverable Parse(string text, string file, string component, List<Problem> problems)
    {
        var versions = new List<ReleasedVersion>();
        var root = YamlFile.Read(text, file, problems);
        if (root is not (null or YamlMapping))
            problems.Add(new Problem($"there is {root.Kind}", file, root.Line, root.Column, "a mapping"));
        var releases = root?.Find("releases");
        // A deliverable that was not released yet has none.
        if (releases is not (null or YamlSequence or YamlScalar { Value.Length: 0 }))
            problems.Add(new Problem($"there is {releases.Kind}", file, releases.Line, releases.Column,
                "a list of releases"));
        foreach (var item in (releases as YamlSequence)?.Items ?? [])
        {
            if (item.FindText("version") is { } tag
                && Names.Ref.Check(tag) is null
                && SemanticVersion.TryParse(tag) is { } version)
                versions.Add(new ReleasedVersion(tag, version, CommitOf(item, component)));
            else if (item.FindText("version") is not [.., '-', 'e', 'o', 'l' or 'm'])
                problems.Add(new Problem("a release is not understood", file, item.Line, item.Column,
                    "version and projects"));
        }

        return new Deliverable([.. versions.OrderBy(x => x.Version)]) { Type = root?.FindText("type") };
    }

    /// <summary>Some deliverables are several repositories.</summary>
    static string? CommitOf(YamlNode release, string component)
    {
        var projects = (release.Find("projects") as YamlSequence)?.Items ?? [];
        var project = projects.FirstOrDefault(x => x.FindText("repo")
            ?.EndsWith($"/{component}", StringComparison.Ordinal) == true);
        return project?.FindText("hash") is { Length: 40 or 64 } hash && hash.All(char.IsAsciiHexDigitLower)
            ? hash
            : null;
    }
}
