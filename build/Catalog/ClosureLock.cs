using System.Text;
using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Catalog;

/// <summary>The Python distributions of an image, as it was built once.</summary>
/// <param name="Service">Name of the image.</param>
/// <param name="Inputs">
/// Digest of what decided which they are, <c>sha256:…</c>: of anything else the record says nothing.
/// </param>
/// <param name="Distributions">Their names after PEP 503, sorted.</param>
public sealed record LockedClosure(string Service, string Inputs, IReadOnlyList<string> Distributions);

/// <summary>
/// <c>closures.lock.yaml</c>: which Python distributions each image of a release has, so that a changed pin is known to
/// concern some images only. Written by <c>RecordClosures</c>, kept in version control; without it a pin concerns all
/// of them.
/// </summary>
/// <param name="Closures">By service.</param>
[DescribedFile("Which Python distributions each image has; written by RecordClosures, committed",
    Place = Place)]
public sealed record ClosureLock(IReadOnlyDictionary<string, LockedClosure> Closures)
{
    public const string Name = "closures.lock.yaml";

    public const string Place = "releases/<release>/" + Name;

    const string Inputs = "inputs";
    const string Distributions = "distributions";

    public static YamlShape Shape { get; } = YamlShape.Map(null, new YamlFields(
        new(Inputs, "Digest of what decided which they are", YamlShape.AnyText, IsRequired: true),
        new(Distributions, "Their names after PEP 503", YamlShape.Sequence(YamlShape.AnyText), IsRequired: true)),
        "service");

    public static ClosureLock Empty { get; } = new(new Dictionary<string, LockedClosure>());

    /// <param name="file">Need not be there.</param>
    /// <param name="shownAs">The file's name in messages.</param>
    /// <exception cref="ProblemException">All mistakes of the file.</exception>
    public static ClosureLock Read(AbsolutePath file, string shownAs)
    {
        if (!File.Exists(file)) return Empty;
        var problems = new List<Problem>();
        var closures = Parse(Utf8File.Read(file, shownAs), shownAs, problems);
        ProblemException.ThrowIfAny(problems);
        return closures;
    }

    internal static ClosureLock Parse(string text, string file, List<Problem> problems)
    {
        if (text.Split('\n').All(x => x.Trim() is "" or ['#', ..])) return Empty;
        var closures = new Dictionary<string, LockedClosure>(StringComparer.Ordinal);
        var root = YamlFile.Read(text, file, problems);
        if (root is not (null or YamlMapping))
            problems.Add(new Problem($"there is {root.Kind}", file, root.Line, root.Column,
                "a mapping of service to its distributions"));
        foreach (var (key, value) in (root as YamlMapping)?.Entries ?? [])
        {
            var fields = (value as YamlMapping)?.Entries.ToDictionary(x => x.Key.Value, x => x.Value);
            if (fields is { Count: 2 } && fields.GetValueOrDefault(Inputs) is YamlScalar { IsText: true } inputs
                && fields.GetValueOrDefault(Distributions) is YamlSequence names
                && names.Items.All(x => x is YamlScalar { IsText: true }))
            {
                closures.Add(key.Value,
                    new LockedClosure(key.Value, inputs.Value, [.. names.Items.Select(x => ((YamlScalar)x).Value)]));
            }
            else
            {
                problems.Add(new Problem($"the entry of {key.Value} is not understood", file, key.Line, key.Column,
                    Line(new LockedClosure(key.Value, "sha256:…", ["alembic", "…"])),
                    "Delete the line; RecordClosures writes it again"));
            }
        }

        return new ClosureLock(closures);
    }

    /// <summary>With others recorded, in place of what there was of the same images.</summary>
    public ClosureLock With(IEnumerable<LockedClosure> built) =>
        new(Closures.Values.Concat(built).GroupBy(x => x.Service).ToDictionary(x => x.Key, x => x.Last()));

    /// <summary>
    /// One line per image, sorted: two machines that recorded different ones conflict in those lines alone.
    /// </summary>
    public string ToText()
    {
        var text = new StringBuilder(YamlSchema.LineOf(Place))
            .Append("# Written by RecordClosures: the Python distributions of each image. A pin of "
            + "another one does not concern it.\n\n");
        foreach (var closure in Closures.Values.OrderBy(x => x.Service, StringComparer.Ordinal))
            text.Append(Line(closure)).Append('\n');
        return text.ToString();
    }

    static string Line(LockedClosure closure) =>
        $"{closure.Service}: {{ {Inputs}: \"{closure.Inputs}\", {Distributions}: "
        + $"[{string.Join(", ", closure.Distributions.Select(x => $"\"{x}\""))}] }}";
}
