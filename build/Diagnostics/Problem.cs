namespace OpenStack.Diagnostics;

/// <summary>One mistake of a user, told so that it can be mended without reading code.</summary>
/// <param name="Found">What is wrong, as a sentence without its final dot.</param>
/// <param name="File">File in which it was found, relative to the repository where possible.</param>
/// <param name="Line">Line in <paramref name="File"/>, from 1; 0 where there is none.</param>
/// <param name="Column">Column in <paramref name="Line"/>, from 1; 0 where there is none.</param>
/// <param name="Expected">What would have been right.</param>
/// <param name="Remedy">What to do now, as a sentence without its final dot.</param>
public sealed record Problem(
    string Found,
    string? File = null,
    int Line = 0,
    int Column = 0,
    string? Expected = null,
    string? Remedy = null)
{
    /// <summary>
    /// What it is about, where several things are done at once, by the name that it has there; null where it is about
    /// all of them.
    /// </summary>
    public string? Subject { get; init; }

    /// <summary><c>file:line:column: found; expected …. Remedy.</c></summary>
    public override string ToString()
    {
        var where = File is null
            ? ""
            : File + (Line > 0 ? $":{Line}" : "") + (Line > 0 && Column > 0 ? $":{Column}" : "") + ": ";
        var expected = Expected is null ? "" : $"; expected {Expected}";
        var remedy = Remedy is null ? "" : $". {Remedy}";
        return where + Found + expected + remedy;
    }
}
