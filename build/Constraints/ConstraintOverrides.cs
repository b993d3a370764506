using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Constraints;

/// <summary>Changes to the upper constraints: <c>overrides/&lt;release&gt;/constraints.txt</c>, or the pins of a wheelhouse.</summary>
/// <param name="File">The file's name in messages.</param>
/// <param name="IsWheelhouse">
/// Whether it lists what there is instead of what somebody wants: its pins replace or add without being reported.
/// </param>
public sealed record ConstraintOverrides(string File, IReadOnlyList<ConstraintOverride> Items, bool IsWheelhouse = false)
{
    /// <summary>The reason of a pin that nobody wrote.</summary>
    internal const string BuiltFromSource = "built from source";

    /// <summary>The pin of a wheel that is built from source; to be applied last, because there will be no other.</summary>
    /// <param name="file">What says that it is built from source; with its place there.</param>
    public static ConstraintOverrides OfWheel(Pin wheel, string file, int line, int column) =>
        new(file, [new ConstraintOverride(wheel.Name, wheel, BuiltFromSource, line, column)]);

    /// <summary>The pins of a wheelhouse for what other overrides add to the upper constraints, in another version; null without any.</summary>
    public ConstraintOverrides? OfAdditions(UpperConstraints upper, ConstraintOverrides overrides)
    {
        var known = upper.Pins.Select(x => x.Key).ToHashSet();
        var added = overrides.Items.Where(x => x.Pin is not null && !known.Contains(x.Key)).ToLookup(x => x.Key, x => x.Pin!.Version);
        var items = Items.Where(x => x.Pin is not null && added.Contains(x.Key) && !added[x.Key].Contains(x.Pin.Version)).ToList();
        return items.Count == 0 ? null : this with { Items = items };
    }

    /// <inheritdoc cref="Parse"/>
    public static ConstraintOverrides Read(AbsolutePath file, string shownAs, bool isWheelhouse = false) =>
        Parse(Utf8File.Read(file, shownAs), shownAs, isWheelhouse);

    /// <summary>
    /// Lines are <c>name===version[;marker]</c> (or <c>==</c>) to replace or add, and <c>-name</c> to remove. A comment behind a
    /// line, or in the lines right above it, says why.
    /// </summary>
    /// <exception cref="ProblemException">All lines that are neither, and all that contradict another.</exception>
    public static ConstraintOverrides Parse(string text, string file, bool isWheelhouse = false)
    {
        var items = new List<ConstraintOverride>();
        var problems = new List<Problem>();
        var above = new List<string>();
        foreach (var line in TextLine.Of(text))
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
            else problems.Add(problem! with { File = file, Line = line.Number, Column = problem.Column + line.Column - 1 });
        }

        problems.AddRange(Contradictions(items, file));
        ProblemException.ThrowIfAny([.. problems.OrderBy(x => x.Line)]);
        return new ConstraintOverrides(file, items, isWheelhouse);
    }

    static ConstraintOverride? ParseLine(TextLine line, string? why, out Problem? problem)
    {
        if (line.Content[0] != '-')
            return Pin.TryParse(line.Content, out problem) is { } pin ? new ConstraintOverride(pin.Name, pin, why, line.Number, line.Column) : null;

        var name = line.Content[1..];
        problem = null;
        if (PythonName.IsValid(name)) return new ConstraintOverride(name, null, why, line.Number, line.Column);
        var start = new string([.. name.TakeWhile(x => char.IsAsciiLetterOrDigit(x) || x is '.' or '_' or '-')]);
        problem = new Problem($"'{line.Content}' removes nothing", Column: 1, Expected: "-name",
            Remedy: PythonName.IsValid(start) && start.Length > 1 ? $"Write -{start}; a removal has no version and no marker" : null);
        return null;
    }

    /// <summary>A name may come several times only with a marker each time, and never the same one.</summary>
    static IEnumerable<Problem> Contradictions(IEnumerable<ConstraintOverride> items, string file) => items
        .GroupBy(x => x.Key)
        .Where(x => x.Count() > 1)
        .SelectMany(group => group.Skip(1).Where((x, i) =>
            group.Any(y => y.Pin?.Marker is null) || group.Take(i + 1).Any(y => y.Pin!.Marker!.Equals(x.Pin!.Marker)))
            .Select(x => new Problem($"'{x.Name}' is overridden twice, first in line {group.First().Line}", file, x.Line, x.Column,
                "one line per name, or one per marker", "Remove one of them")));
}
