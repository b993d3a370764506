using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Constraints;

/// <summary>
/// Constraints on what builds wheels (<c>setuptools&lt;81</c>), apart from those on what is installed: installers do
/// not apply the latter to isolated builds. <c>releases/&lt;release&gt;/build-constraints.txt</c>.
/// </summary>
[DescribedFile("Constraints of what wheels are built with", Place = "releases/<release>/build-constraints.txt")]
public sealed record BuildConstraints(IReadOnlyList<Requirement> Requirements)
{
    /// <inheritdoc cref="Parse"/>
    public static BuildConstraints Read(AbsolutePath file, string shownAs) =>
        Parse(Utf8File.Read(file, shownAs), shownAs);

    /// <param name="file">The file's name in messages.</param>
    /// <exception cref="ProblemException">
    /// All lines that are no requirement of PEP 508 with a version and without extras and URL, names in two spellings,
    /// options of pip.
    /// </exception>
    public static BuildConstraints Parse(string text, string file)
    {
        var requirements = new List<Requirement>();
        var lines = TextLine.Of(text).ToList();
        var problems = new List<Problem>();
        var names = new List<(string Name, int Line, int Column)>();
        if (TextLine.OptionsIn(lines, file) is { } options) problems.Add(options);
        foreach (var line in lines.Where(x => x.Content.Length > 0))
        {
            var requirement = Requirement.TryParse(line.Content, out var problem);
            if (requirement is { Url: not null }) problem = requirement.FromUrl(line.Content);
            else if (requirement is { Extras.Count: > 0 })
                problem = new Problem($"'{requirement.Name}' is constrained with extras", Column: 1,
                Expected: "a name alone");
            else if (requirement is { Specifiers.Count: 0 })
                problem = new Problem($"'{requirement.Name}' has no version", Column: 1,
                Expected: "a constraint as in setuptools<81");
            if (problem is not null) problems.Add(line.Place(problem, file));
            else
            {
                requirements.Add(requirement!);
                names.Add((requirement!.Name, line.Number, line.Column));
            }
        }

        ProblemException.ThrowIfAny([.. problems.Concat(NameSpelling.Problems(names, file)).OrderBy(x => x.Line)]);
        return new BuildConstraints(requirements);
    }
}
