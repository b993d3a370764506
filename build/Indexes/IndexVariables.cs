namespace OpenStack.Indexes;

/// <summary>
/// The indexes that the environment names: those of uv (docs.astral.sh, "Environment variables") before those of pip.
/// </summary>
/// <param name="Further">Asked first, with the variable that names each.</param>
/// <param name="Default">Null where none is named.</param>
public sealed record IndexVariables(
    IReadOnlyList<(string Text, string Variable)> Further, (string Text, string Variable)? Default)
{
    public static IndexVariables None { get; } = new([], null);

    /// <summary>Whether there is one.</summary>
    public bool Any => Further.Count > 0 || Default is not null;

    public static IndexVariables Read(Func<string, string?> variable)
    {
        List<(string, string)> First(params string[] names) =>
            names.Select(x => (variable(x) ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Select(y => (y, x)).ToList()).FirstOrDefault(x => x.Count > 0) ?? [];
        return new IndexVariables(First("UV_INDEX", "UV_EXTRA_INDEX_URL", "PIP_EXTRA_INDEX_URL"),
            First("UV_DEFAULT_INDEX", "UV_INDEX_URL", "PIP_INDEX_URL") is [var named, ..] ? named : null);
    }
}
