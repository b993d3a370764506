namespace Nuke.Common.IO;

/// <summary>Whether letter case matters in patterns; by default except on Windows.</summary>
public enum GlobbingCaseSensitivity
{
    Auto,
    CaseSensitive,
    CaseInsensitive
}

/// <summary>
/// Files and directories by pattern: <c>**</c> is any number of directories, <c>*</c> and <c>?</c> match within a name, and
/// <c>[abc]</c> and <c>{a,b}</c> choose. The order is not defined.
/// </summary>
public static class Globbing
{
    public static GlobbingCaseSensitivity GlobbingCaseSensitivity;

    public static IReadOnlyCollection<AbsolutePath> GlobFiles(this AbsolutePath directory, params string[] patterns) =>
        patterns.SelectMany(x => new Glob(x, IgnoresCase).Find(directory, directories: false)).ToList();

    public static IReadOnlyCollection<AbsolutePath> GlobDirectories(this AbsolutePath directory, params string[] patterns) =>
        patterns.SelectMany(x => new Glob(x, IgnoresCase).Find(directory, directories: true)).ToList();

    static bool IgnoresCase => GlobbingCaseSensitivity switch
    {
        GlobbingCaseSensitivity.CaseSensitive => false,
        GlobbingCaseSensitivity.CaseInsensitive => true,
        _ => EnvironmentInfo.IsWin
    };
}
