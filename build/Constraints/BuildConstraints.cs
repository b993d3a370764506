using Nuke.Common.IO;
using OpenStack.Diagnostics;
using OpenStack.Storage;

namespace OpenStack.Constraints;

/// <summary>
/// Constraints on what builds wheels (<c>setuptools&lt;81</c>), apart from those on what is installed: installers do not apply the
/// latter to isolated builds. <c>releases/&lt;release&gt;/build-constraints.txt</c>.
/// </summary>
public sealed record BuildConstraints(IReadOnlyList<Requirement> Requirements)
{
    /// <inheritdoc cref="Parse"/>
    public static BuildConstraints Read(AbsolutePath file, string shownAs) => Parse(Utf8File.Read(file, shownAs), shownAs);

    /// <param name="file">The file's name in messages.</param>
    /// <exception cref="ProblemException">All lines that are no requirement of PEP 508 with a version and without extras and URL.</exception>
    public static BuildConstraints Parse(string text, string file)
    {
        var requirements = new List<Requirement>();
        var problems = new List<Problem>();
        foreach (var line in TextLine.Of(text).Where(x => x.Content.Length > 0))
        {
            var requirement = Requirement.TryParse(line.Content, out var problem);
            if (requirement is { Extras.Count: > 0 }) problem = new Problem($"'{requirement.Name}' is constrained with extras", Column: 1, Expected: "a name alone");
            if (requirement is { Specifiers.Count: 0 }) problem = new Problem($"'{requirement.Name}' has no version", Column: 1, Expected: "a constraint as in setuptools<81");
            if (problem is not null) problems.Add(problem with { File = file, Line = line.Number, Column = problem.Column + line.Column - 1 });
            else requirements.Add(requirement!);
        }

        ProblemException.ThrowIfAny(problems);
        return new BuildConstraints(requirements);
    }
}
