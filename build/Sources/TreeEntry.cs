using System.Text;
using OpenStack.Diagnostics;
using OpenStack.Processes;

namespace OpenStack.Sources;

/// <summary>A file as git lists it, in a tree or an index.</summary>
/// <param name="Mode">As git writes it: 100644, 100755, 120000 for a symbolic link, 160000 for a submodule.</param>
/// <param name="Id">Object id.</param>
/// <param name="Bytes">Path from the root, bytes, one a character.</param>
sealed record TreeEntry(string Mode, string Id, string Bytes)
{
    const int MostNamed = 5;

    /// <summary>The path as text; what <see cref="CheckNames"/> has found to be UTF-8 is that.</summary>
    public string Name => PatchText.Utf8(Bytes);

    public bool IsLink => Mode == "120000";

    public bool IsSubmodule => Mode == "160000";

    /// <summary>The files of a tree, those of its directories too.</summary>
    /// <param name="tree">A tree, or a commit.</param>
    public static async Task<IReadOnlyList<TreeEntry>> OfTreeAsync(Git git, string tree,
        CancellationToken cancellation) =>
        [.. (await ListAsync(git.Command("ls-tree", "-r", "-z", "--full-tree", tree), cancellation))
            .Select(x => Parse(x, id: 2))];

    /// <summary>The files of an index.</summary>
    public static async Task<IReadOnlyList<TreeEntry>> OfIndexAsync(Git git, CancellationToken cancellation) =>
        [.. (await ListAsync(git.Command("ls-files", "--stage", "-z"), cancellation)).Select(x => Parse(x, id: 1))];

    /// <summary>
    /// What git lists with <c>-z</c>, since names may have line ends in them: bytes, one a character.
    /// </summary>
    public static async Task<IReadOnlyList<string>> ListAsync(Command command, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        await (command with { OutputReader = (stream, token) => stream.CopyToAsync(output, token) })
            .RequireAsync(cancellation);
        return Encoding.Latin1.GetString(output.GetBuffer(), 0, (int)output.Length)
            .Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <exception cref="ProblemException">Some names are not UTF-8.</exception>
    /// <param name="what">What the files are of.</param>
    public static void CheckNames(IEnumerable<TreeEntry> entries, string component, string what) =>
        Refuse([.. entries.Where(x => !PatchText.IsUtf8(x.Bytes)).Select(x => GitName.Quote(x.Bytes))], component,
            $"{what} has", "whose name is not UTF-8");

    /// <exception cref="ProblemException">Some links lead to names that are not UTF-8.</exception>
    /// <param name="what">What the links are of.</param>
    public static void CheckLinks(TreeLinks links, string component, string what) =>
        Refuse([.. links.Targets.Where(x => !PatchText.IsUtf8(x.Value))
            .Select(x => $"{x.Key} -> {GitName.Quote(x.Value)}")],
            component, $"{what} has", "that lead to a name that is not UTF-8");

    static void Refuse(IReadOnlyList<string> names, string component, string subject, string trait)
    {
        if (names.Count == 0) return;
        var shown = string.Join(", ", names.Take(MostNamed))
            + (names.Count > MostNamed ? $" and {names.Count - MostNamed} more" : "");
        throw new ProblemException($"{component}: {subject} files {trait}: {shown}", GitName.Remedy);
    }

    static TreeEntry Parse(string line, int id)
    {
        var (fields, name) =
            line.Split('\t', 2) switch { [var x, var y] => (x.Split(' '), y), _ => throw new FormatException(line) };
        return new TreeEntry(fields[0], fields[id], name);
    }
}
