using System.Text.RegularExpressions;

namespace OpenStack.Packages;

/// <summary>
/// What a Python distribution says that it has installed: <c>RECORD</c> (PEP 376, PEP 627), lines of path, digest and
/// size.
/// </summary>
static partial class RecordFile
{
    /// <summary>The paths, relative to the directory that the distribution is in.</summary>
    public static IEnumerable<string> Paths(string record) => Line().Matches(record)
        .Select(x => x.Groups["path"].Value.Replace("\"\"", "\"", StringComparison.Ordinal));

    /// <summary>CSV: a path, perhaps quoted, before the first comma.</summary>
    [GeneratedRegex("""^(?:"(?<path>(?:[^"\r\n]|"")+)"|(?<path>[^",\r\n]+)),""", RegexOptions.Multiline)]
    private static partial Regex Line();
}
