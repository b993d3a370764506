using System.Text.RegularExpressions;

namespace OpenStack.Backports;

/// <summary>
/// Where <c>git cherry-pick -x</c> says which commit a change is from: at the end of the trailers of a message, or in a
/// paragraph of its own where there are none.
/// </summary>
static partial class CherryPickTrailer
{
    static readonly string[] s_ofGit = ["Signed-off-by: ", "(cherry picked from commit "];

    /// <param name="message">With a final line end.</param>
    public static string Add(string message, string commit) =>
        $"{message}{(EndsInTrailers(message) ? "" : "\n")}(cherry picked from commit {commit})\n";

    /// <summary>
    /// Git's rule (trailer.c): the last paragraph, unless it is the first, where it is made of trailers alone, or where
    /// one of git's own is among them and a quarter of its lines are trailers.
    /// </summary>
    static bool EndsInTrailers(string message)
    {
        var lines = message.TrimEnd('\n').Split('\n');
        var first = Array.FindIndex(lines, string.IsNullOrWhiteSpace);
        var begin = Array.FindLastIndex(lines, string.IsNullOrWhiteSpace) + 1;
        if (first < 0 || begin <= first) return false;
        var (trailers, others, folded, isOfGit) = (0, 0, 0, false);
        foreach (var line in lines[begin..].Reverse().Where(x => x[0] != '#'))
        {
            var ofGit = s_ofGit.Any(x => line.StartsWith(x, StringComparison.Ordinal));
            if (ofGit || Trailer().IsMatch(line)) (trailers, folded, isOfGit) = (trailers + 1, 0, isOfGit || ofGit);
            else if (char.IsWhiteSpace(line[0])) folded++;
            else (others, folded) = (others + folded + 1, 0);
        }

        others += folded;
        return (isOfGit && trailers * 3 >= others) || (trailers > 0 && others == 0);
    }

    [GeneratedRegex(@"^[A-Za-z0-9-]+[ \t]*:")]
    private static partial Regex Trailer();
}
