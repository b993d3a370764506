using OpenStack.Diagnostics;

namespace OpenStack.Constraints;

/// <summary>
/// One distribution has one name in a file: another spelling of it looks like another distribution to a reader, or is
/// one to an index.
/// </summary>
static class NameSpelling
{
    /// <summary>A problem for each name that was spelt otherwise before.</summary>
    /// <param name="names">The names of a file, with where they stand.</param>
    public static IEnumerable<Problem> Problems(IEnumerable<(string Name, int Line, int Column)> names, string file) =>
        names.GroupBy(x => PythonName.Of(x.Name).Letters)
            .SelectMany(group => group.Where(x => x.Name != group.First().Name)
                .Select(x => Problem(group.First(), x, file)));

    static Problem Problem((string Name, int Line, int Column) first, (string Name, int Line, int Column) other,
        string file) => new(
        PythonName.Of(first.Name) == PythonName.Of(other.Name)
            ? $"'{other.Name}' is '{first.Name}' of line {first.Line} in another spelling"
            : $"'{other.Name}' and '{first.Name}' of line {first.Line} differ by what parts them "
                + "alone: no index has both",
        file, other.Line, other.Column, "one name per distribution", $"Write '{first.Name}', or remove one of them");
}
