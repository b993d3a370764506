using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary>The commit that a tag was at when it was first resolved.</summary>
/// <param name="Tag">Name of the tag, without <c>refs/tags/</c>.</param>
/// <param name="Commit">Full object id.</param>
/// <param name="File">The file that has it, for messages.</param>
/// <param name="Line">Its line in the file, from 1.</param>
public sealed record LockedRef(string Component, string Tag, string Commit, string File = "", int Line = 0);

/// <summary>
/// <c>source-refs.lock.yaml</c>: the commits of the tags in <c>source-refs.yaml</c>, one line per component, so that a
/// tag that was moved is noticed on every machine. Written by the build, kept in version control.
/// </summary>
/// <param name="Refs">By component.</param>
[DescribedFile("The commit of each tag that was resolved; written by ResolveRefs, committed",
    Place = Place)]
public sealed record RefLock(IReadOnlyDictionary<string, LockedRef> Refs)
{
    public const string Name = "source-refs.lock.yaml";

    public const string Place = "releases/<release>/" + Name;

    const string Tag = "tag";
    const string Commit = "commit";
    const string TagsPrefix = "refs/tags/";

    static readonly NameRule s_commit = new("commit", "40 or 64 hexadecimal digits",
        x => x.Length is 40 or 64 && x.All(char.IsAsciiHexDigitLower))
    {
        Pattern = "^([0-9a-f]{40}|[0-9a-f]{64})$",
    };

    public static YamlShape Shape { get; } = YamlShape.Map(null, new YamlFields(
        new(Tag, "The tag, without refs/tags/", YamlShape.AnyText, IsRequired: true),
        new(Commit, "The commit that it was at when it was first resolved", YamlShape.Text(s_commit),
            IsRequired: true)), "component");

    /// <param name="file">Need not be there.</param>
    /// <param name="shownAs">The file's name in messages.</param>
    /// <exception cref="ProblemException">All mistakes of the file.</exception>
    public static RefLock Read(AbsolutePath file, string shownAs)
    {
        var problems = new List<Problem>();
        var read = File.Exists(file)
            ? Parse(Utf8File.Read(file, shownAs), shownAs, problems)
            : new RefLock(new Dictionary<string, LockedRef>());
        ProblemException.ThrowIfAny(problems);
        return read;
    }

    public static RefLock Parse(string text, string file, List<Problem> problems)
    {
        var refs = new Dictionary<string, LockedRef>(StringComparer.Ordinal);
        // Whoever accepts that a tag was moved deletes lines, perhaps the last one.
        if (text.Split('\n').All(x => x.Trim() is "" or ['#', ..])) return new RefLock(refs);
        var root = YamlFile.Read(text, file, problems);
        if (root is not (null or YamlMapping))
            problems.Add(new Problem($"there is {root.Kind}", file, root.Line, root.Column,
                "a mapping of component to tag and commit"));
        foreach (var (key, value) in (root as YamlMapping)?.Entries ?? [])
        {
            var fields = (value as YamlMapping)?.Entries
                .Where(x => x.Value is YamlScalar { IsText: true })
                .ToDictionary(x => x.Key.Value, x => ((YamlScalar)x.Value).Value);
            if (fields is { Count: 2 } && value is YamlMapping { Entries.Count: 2 }
                && fields.TryGetValue(Tag, out var tag)
                && fields.TryGetValue(Commit, out var commit)
                && s_commit.Admits(commit))
            {
                refs.Add(key.Value, new LockedRef(key.Value, tag, commit, file, key.Line));
            }
            else
            {
                problems.Add(new Problem($"the entry of {key.Value} is not understood", file, key.Line, key.Column,
                    Line(new LockedRef(key.Value, "27.0.2", s_commit.Expected)),
                    "Delete the line; the next run records it again"));
            }
        }

        return new RefLock(refs);
    }

    /// <summary>What is recorded for a ref as a user writes it; null where it is another one, or nothing is.</summary>
    public LockedRef? Find(string component, string reference) =>
        Refs.TryGetValue(component, out var locked) && locked.Tag == TagOf(reference) ? locked : null;

    /// <summary>The lock with more recorded, and without what the refs of the release no longer have.</summary>
    public RefLock With(IEnumerable<LockedRef> found, IReadOnlyDictionary<string, SourceRef> refs)
    {
        var kept = Refs.Values.Where(x => refs.TryGetValue(x.Component, out var source) && TagOf(source.Ref) == x.Tag);
        return new RefLock(kept.Concat(found).GroupBy(x => x.Component).ToDictionary(x => x.Key, x => x.Last()));
    }

    /// <summary>What an older lock does not say yet, or still says.</summary>
    public IReadOnlyList<string> ChangesSince(RefLock older) =>
    [
        .. Refs.Values.Where(x => older.Find(x.Component, x.Tag)?.Commit != x.Commit)
            .OrderBy(x => x.Component, StringComparer.Ordinal)
            .Select(x => $"{x.Component} {x.Tag} is at {x.Commit}"),
        .. older.Refs.Values.Where(x => !Refs.ContainsKey(x.Component))
            .OrderBy(x => x.Component, StringComparer.Ordinal)
            .Select(x => $"{x.Component} {x.Tag} is no longer among the refs"),
    ];

    /// <summary>Writes the file; one that would record nothing is removed.</summary>
    public void Write(AbsolutePath file)
    {
        if (Refs.Count > 0) AtomicFile.WriteText(file, ToText());
        else File.Delete(file);
    }

    /// <summary>
    /// The lines of the file, sorted by component: two machines that recorded different ones conflict in those lines
    /// alone.
    /// </summary>
    public string ToText()
    {
        var text = new StringBuilder(YamlSchema.LineOf(Place))
            .Append("# Written by ResolveRefs: the commits that the tags in source-refs.yaml were "
            + "found at. A tag that is elsewhere is an error.\n\n");
        foreach (var locked in Refs.Values.OrderBy(x => x.Component, StringComparer.Ordinal))
            text.Append(Line(locked)).Append('\n');
        return text.ToString();
    }

    /// <summary>The name of the tag that a ref means, if it means one.</summary>
    public static string TagOf(string reference) =>
        reference.StartsWith(TagsPrefix, StringComparison.Ordinal) ? reference[TagsPrefix.Length..] : reference;

    static string Line(LockedRef locked) =>
        $"{locked.Component}: {{ {Tag}: {YamlText.Quote(locked.Tag)}, {Commit}: \"{locked.Commit}\" }}";
}
