using OpenStack.Diagnostics;

namespace OpenStack.Catalog;

/// <summary>How one kind of name must look.</summary>
/// <param name="Kind">The kind, as in "is not the name of a component".</param>
/// <param name="Expected">The rule, for people.</param>
public sealed record NameRule(string Kind, string Expected, Func<string, bool> Admits)
{
    /// <summary>
    /// The same as a regular expression of ECMA-262, for programs that know nothing else; null where none says it.
    /// </summary>
    public string? Pattern { get; init; }

    /// <summary>The problem with <paramref name="name"/>, or null.</summary>
    public Problem? Check(string name, string? file = null, int line = 0, int column = 0, string? remedy = null) =>
        Admits(name)
            ? null
            : new Problem($"'{Show(name)}' is not the name of {Article} {Kind}", file, line, column, Expected, remedy);

    /// <returns><paramref name="name"/> itself.</returns>
    /// <exception cref="ProblemException">The name breaks the rule.</exception>
    public string Require(string name) => Check(name) is { } problem ? throw new ProblemException(problem) : name;

    string Article => "aeio".Contains(Kind[0]) ? "an" : "a";

    /// <summary>The name fit for a terminal: short and without control characters.</summary>
    static string Show(string name)
    {
        var shown = string.Concat(name.Take(80).Select(x => char.IsControl(x) ? $"\\x{(int)x:x2}" : x.ToString()));
        return name.Length > 80 ? shown + "…" : shown;
    }
}
