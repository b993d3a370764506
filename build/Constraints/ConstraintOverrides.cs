using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Constraints;

/// <summary>
/// Changes to the upper constraints: <c>overrides/&lt;release&gt;/constraints.txt</c>, or the pins of a wheelhouse.
/// </summary>
/// <param name="File">The file's name in messages.</param>
/// <param name="IsWheelhouse">
/// Whether it lists what there is instead of what somebody wants: its pins replace or add without being reported.
/// </param>
[DescribedFile(
    "What is changed in them: `name===version` replaces or adds a pin, `-name` removes it, a comment says why",
    Place = "overrides/<release>/constraints.txt")]
public sealed record ConstraintOverrides(string File, IReadOnlyList<ConstraintOverride> Items,
    bool IsWheelhouse = false)
{
    /// <summary>The reason of a pin that nobody wrote.</summary>
    internal const string BuiltFromSource = "built from source";

    /// <summary>
    /// The pin of a wheel that is built from source; to be applied last, because there will be no other.
    /// </summary>
    /// <param name="file">What says that it is built from source; with its place there.</param>
    public static ConstraintOverrides OfWheel(Pin wheel, string file, int line, int column) =>
        new(file, [ConstraintOverride.Of(wheel, BuiltFromSource, line, column)]);

    /// <summary>
    /// The pins of a wheelhouse for what other overrides add to the upper constraints, in another version; null without
    /// any.
    /// </summary>
    public ConstraintOverrides? OfAdditions(UpperConstraints upper, ConstraintOverrides overrides)
    {
        var known = upper.Pins.Select(x => x.Key).ToHashSet();
        var added = overrides.Items.Where(x => x.Pin is not null && !known.Contains(x.Key))
            .ToLookup(x => x.Key, x => x.Pin!.Version);
        var items = Items.Where(x => x.Pin is not null
            && added.Contains(x.Key)
            && !added[x.Key].Contains(x.Pin.Version)).ToList();
        return items.Count == 0 ? null : this with { Items = items };
    }

    /// <inheritdoc cref="Parse"/>
    public static ConstraintOverrides Read(AbsolutePath file, string shownAs, bool isWheelhouse = false) =>
        Parse(Utf8File.Read(file, shownAs), shownAs, isWheelhouse);

    /// <summary>
    /// Lines are <c>name===version[;marker]</c> (or <c>==</c>) to replace or add, and <c>-name[;marker]</c> to remove.
    /// A comment behind a line, or in the lines right above it, says why.
    /// </summary>
    /// <exception cref="ProblemException">
    /// All lines that are neither, that no index can have, or that contradict another; names in two spellings, options
    /// of pip.
    /// </exception>
    public static ConstraintOverrides Parse(string text, string file, bool isWheelhouse = false)
    {
        var items = new List<ConstraintOverride>();
        var lines = TextLine.Of(text).ToList();
        var problems = new List<Problem>();
        if (TextLine.OptionsIn(lines, file) is { } options) problems.Add(options);
        var above = new List<string>();
        foreach (var line in lines.Where(x => x.Content.Length > 0 || x.Options is null))
        {
            if (line.Content.Length == 0)
            {
                if (string.IsNullOrEmpty(line.Comment)) above.Clear();
                else above.Add(line.Comment);
                continue;
            }

            var why = line.Comment is { Length: > 0 } ? line.Comment : above.Count > 0 ? string.Join(' ', above) : null;
            above.Clear();
            if (ParseLine(line, why, out var problem) is { } item) items.Add(item);
            else problems.Add(line.Place(problem!, file));
        }

        problems.AddRange(NameSpelling.Problems(items.Select(x => (x.Name, x.Line, x.Column)), file));
        problems.AddRange(Contradictions(items, file));
        ProblemException.ThrowIfAny([.. problems.OrderBy(x => x.Line)]);
        return new ConstraintOverrides(file, items, isWheelhouse);
    }

    static ConstraintOverride? ParseLine(TextLine line, string? why, out Problem? problem)
    {
        if (line.Content[0] == '-') return ParseRemoval(line, why, out problem);
        if (Pin.TryParse(line.Content, out problem) is not { } pin) return null;
        if (!pin.IsUnknownToIndexes) return ConstraintOverride.Of(pin, why, line.Number, line.Column);
        problem = new Problem(
            $"'{pin.Name}==={pin.Version}' is what no index has: it spells the version {pin.NormalVersion}", Column: 1,
            Expected: $"{pin.Name}==={pin.NormalVersion}",
            Remedy: $"Write that, or {pin.Name}=={pin.Version}, which compares versions and not texts");
        return null;
    }

    static ConstraintOverride? ParseRemoval(TextLine line, string? why, out Problem? problem)
    {
        var (name, semicolon) = (line.Content[1..], line.Content.IndexOf(';', StringComparison.Ordinal));
        if (semicolon > 0) name = line.Content[1..semicolon].TrimEnd();
        problem = null;
        if (!PythonName.IsValid(name))
        {
            var start = new string([.. name.TakeWhile(x => char.IsAsciiLetterOrDigit(x) || x is '.' or '_' or '-')]);
            problem = new Problem($"'{line.Content}' removes nothing", Column: 1, Expected: "-name or -name;marker",
                Remedy: PythonName.IsValid(start) && start.Length > 1 ? $"Write -{start}; a removal has no version"
                    : null);
            return null;
        }

        if (semicolon < 0) return new ConstraintOverride(name, null, why, line.Number, line.Column);
        if (Marker.TryParse(line.Content[(semicolon + 1)..], out var error, out var offset) is { } marker)
            return new ConstraintOverride(name, null, why, line.Number, line.Column, marker);
        problem = new Problem($"'{line.Content[(semicolon + 1)..].Trim()}' is not an environment marker: {error}",
            Column: semicolon + 2 + offset,
            Expected: "PEP 508, as in python_version>='3.10'");
        return null;
    }

    /// <summary>A name may come several times only with a marker each time, and never the same one.</summary>
    static IEnumerable<Problem> Contradictions(IEnumerable<ConstraintOverride> items, string file) => items
        .GroupBy(x => x.Key)
        .SelectMany(group => group.Skip(1).Where((x, i) => x.Name == group.First().Name && (
            group.Any(y => y.Marker is null) || group.Take(i + 1).Any(y => y.Marker!.Equals(x.Marker))))
            .Select(x => new Problem($"'{x.Name}' is overridden twice, first in line {group.First().Line}",
                file, x.Line, x.Column, "one line per name, or one per marker", "Remove one of them")));
}
