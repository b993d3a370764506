using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Constraints;

/// <summary>The constraints of a release as openstack/requirements publishes them.</summary>
/// <param name="Lines">All lines in their order, comments among them.</param>
[DescribedFile("The upper constraints of openstack/requirements, as they are upstream",
    Place = "releases/<release>/upper-constraints.txt")]
public sealed record UpperConstraints(IReadOnlyList<ConstraintLine> Lines)
{
    public IEnumerable<Pin> Pins => Lines.Select(x => x.Pin).OfType<Pin>();

    /// <param name="shownAs">The file's name in messages.</param>
    /// <exception cref="ProblemException">
    /// The file cannot be read, or has lines that are no pins: all of them.
    /// </exception>
    public static UpperConstraints Read(AbsolutePath file, string shownAs) =>
        Parse(Utf8File.Read(file, shownAs), shownAs);

    /// <param name="file">The file's name in messages.</param>
    /// <exception cref="ProblemException">All lines that are no pins, and all that are there twice; options of
    /// pip.</exception>
    public static UpperConstraints Parse(string text, string file)
    {
        var lines = new List<ConstraintLine>();
        var problems = new List<Problem>();
        var seen = new Dictionary<(PythonName, string?), int>();
        var read = TextLine.Of(text).ToList();
        if (TextLine.OptionsIn(read, file) is { } options) problems.Add(options);
        foreach (var line in read)
        {
            if (line.Content.Length == 0) lines.Add(new ConstraintLine(line.Text, null));
            else if (Pin.TryParse(line.Content, out var problem) is not { } pin)
                problems.Add(line.Place(problem!, file));
            else if (!seen.TryAdd((pin.Key, pin.Marker?.ToString()), line.Number))
                problems.Add(new Problem(
                    $"'{pin.Name}' is there twice, first in line {seen[(pin.Key, pin.Marker?.ToString())]}", file,
                    line.Number, line.Column));
            else lines.Add(new ConstraintLine(line.Text, pin));
        }

        ProblemException.ThrowIfAny([.. problems.OrderBy(x => x.Line)]);
        while (lines is [.., { Text: "" }]) lines.RemoveAt(lines.Count - 1);
        return new UpperConstraints(lines);
    }
}
