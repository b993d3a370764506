using OpenStack.Diagnostics;

namespace OpenStack.Constraints;

/// <summary>
/// What a state that somebody tested had installed: the output of <c>pip freeze</c> of a CI run, or the upper
/// constraints that it went with.
/// </summary>
/// <param name="Source">Where that was found, and the digest of its text.</param>
/// <param name="Pins">One version of each distribution, or one per marker.</param>
/// <param name="FromSource">
/// Distributions that it had from a repository or a file, whose version nobody can pin: what was under test itself.
/// </param>
public sealed record TestedState(string Source, IReadOnlyList<Pin> Pins, IReadOnlyList<string> FromSource)
{
    /// <summary>More wrong lines than these say nothing new.</summary>
    const int Shown = 20;

    /// <param name="file">The file's name in messages.</param>
    /// <exception cref="ProblemException">
    /// Lines that <c>pip freeze</c> does not print, and distributions with two versions.
    /// </exception>
    public static TestedState Parse(string text, string file, string source)
    {
        if (text.AsSpan().TrimStart('\uFEFF').TrimStart().StartsWith("<"))
            throw new ProblemException(new Problem("this is a page, not a list of pins", file, 1, 1,
                "lines as in name==1.2.3", "Give the address of the file itself"));
        var (pins, sources, problems) = (new List<Pin>(), new List<string>(), new List<Problem>());
        var seen = new Dictionary<(PythonName, string?), int>();
        foreach (var line in TextLine.Of(text))
        {
            if (SourceOf(line) is { } name) sources.Add(name);
            else if (line.Content.Length == 0 && line.Options is null) continue;
            else if (line.Options is { } options)
                problems.Add(new Problem($"'{options}' pins nothing", file, line.Number, line.Column,
                    "lines as in name==1.2.3"));
            else if (Pin.TryParse(line.Content, out var problem) is not { } pin)
                problems.Add(line.Place(problem!, file));
            else if (!seen.TryAdd((pin.Key, pin.Marker?.ToString()), line.Number))
                problems.Add(new Problem(
                    $"'{pin.Name}' is there twice, first in line {seen[(pin.Key, pin.Marker?.ToString())]}", file,
                    line.Number, line.Column, Remedy: "Give the list of one environment"));
            else pins.Add(pin);
        }

        if (problems.Count > Shown)
            problems = [.. problems.Take(Shown), new Problem($"{problems.Count - Shown} lines more are none", file)];
        ProblemException.ThrowIfAny(problems);
        if (pins.Count == 0)
            throw new ProblemException(new Problem("nothing is pinned", file, Expected: "lines as in name==1.2.3"));
        return new TestedState(source, pins, sources);
    }

    /// <summary>
    /// What is different from the upper constraints, as overrides that say where they come from. They are bound to
    /// their version: what was tested is no other one, however new.
    /// </summary>
    /// <param name="own">Overrides that are there already, and stay.</param>
    public string OverridesOf(UpperConstraints upper, ConstraintOverrides? own)
    {
        var known = upper.Pins.ToLookup(x => x.Key);
        var lines = Pins
            .Where(x => own?.Items.Any(y => y.Key == x.Key) != true && !known[x.Key].Any(y => y.AgreesWith(x)))
            .Where(IsOfAnIndex)
            .OrderBy(x => x.Key.Value, StringComparer.Ordinal)
            .Select(x => $"{Pin.Of(known[x.Key].FirstOrDefault()?.Name ?? x.Name, x.Version, x.Marker, "==").Text}"
                + $" # =={x.Version}: tested\n")
            .ToList();
        return lines.Count == 0 ? "" : $"# What {Source} had.\n\n{string.Concat(lines)}";
    }

    /// <summary>What overrides that stay say otherwise, and versions that are the tested machine's own.</summary>
    public IReadOnlyList<string> LeftOut(ConstraintOverrides? own) =>
    [
        .. FromSource.Select(x => $"{x} was installed from source"),
        .. Pins.Where(x => !IsOfAnIndex(x)).Select(x => $"{x.Name} {x.Version} is a version that no index has"),
        .. Pins.SelectMany(x => own?.Items.Where(y => y.Key == x.Key && y.Pin?.AgreesWith(x) != true) ?? [],
            (x, y) => $"{x.Name} {x.Version} was tested, and {own!.File}:{y.Line} "
                + (y.Pin is null ? "removes it" : $"has {y.Pin.Version}")),
    ];

    /// <summary>Not of the machine that it ran on, and not of a tree between two releases.</summary>
    static bool IsOfAnIndex(Pin pin) => PythonVersion.TryParse(pin.Version) is { Local: null, Dev: null };

    /// <summary>
    /// <c>name @ git+https://…</c>, <c>-e git+https://…#egg=name</c>, and the comment that stands in the place of a
    /// tree whose origin pip does not know.
    /// </summary>
    static string? SourceOf(TextLine line)
    {
        if (line.Text.StartsWith("-e ", StringComparison.Ordinal)
            || line.Text.StartsWith("--editable", StringComparison.Ordinal))
        {
            var at = line.Text.IndexOf("egg=", StringComparison.Ordinal);
            return at < 0 ? line.Text.Split(' ')[^1] : line.Text[(at + "egg=".Length)..].Split('&', '#')[0];
        }

        return Requirement.TryParse(line.Content, out _) is { Url: not null } requirement ? requirement.Name : null;
    }
}
