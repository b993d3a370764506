using OpenStack.Constraints;
using OpenStack.Diagnostics;

namespace OpenStack.NativePackages;

/// <summary>
/// The version of a package, as each format says it so that its own order is that of PEP 440, and of the patches within
/// one version.
/// </summary>
/// <param name="Python">Version of the service.</param>
/// <param name="Patches">How many patches are in it, those of libraries too.</param>
/// <param name="Revision">
/// Tells apart two builds of the same version and patches with other dependencies, from 1.
/// </param>
public sealed record PackageVersion(PythonVersion Python, int Patches, int Revision)
{
    /// <summary>As names and paths have it: <c>31.3.1-p2</c>. A revision takes the place of the one before.</summary>
    public string Name => $"{Python.Normal}-p{Patches}";

    /// <summary>
    /// dpkg's (deb-version(7)): <c>~</c> comes before everything, the end too, letters before other characters. The
    /// revision begins with the patches, as it is looked at last: <c>31.3.1-p2.1</c>, <c>32.0.0~rc1-p0.1</c>.
    /// </summary>
    public string Debian =>
        $"{(Python.Epoch == 0 ? "" : $"{Python.Epoch}:")}{Release}{Before("~", "~~dev")}"
        + (Python.Post is { } post ? $"+post{post}" : "") + DevelopmentOf(Python.Post)
        // Numbers after words, which are after nothing (PEP 440, "Local version identifiers").
        + (Python.Local is null ? "" : "+~" + string.Join('.', LocalSegments.Select(x => IsNumber(x) ? x : "~" + x)))
        + $"-p{Patches}.{Revision}";

    /// <summary>
    /// rpm's <c>Version</c> and <c>Release</c> (rpm-version(7)): <c>~</c> as dpkg's, <c>^</c> after the end and before
    /// all else, numbers after words.
    /// </summary>
    public (string Version, string Release) Rpm =>
        (Release + Before("~", "~~dev")
            + (Python.Post is { } post ? $".post{post}" : "") + DevelopmentOf(Python.Post)
            + (Python.Local is null ? "" : "^" + string.Join('.', LocalSegments)),
        $"p{Patches}.{Revision}");

    /// <summary>
    /// apk's (apk-package(5)): numbers, suffixes of which <c>_alpha</c>, <c>_beta</c> and <c>_rc</c> come before the
    /// end and <c>_p</c> after it, and a revision.
    /// </summary>
    /// <exception cref="ProblemException">It has parts that apk has no words for.</exception>
    public string Apk
    {
        get
        {
            if (Python.Epoch != 0 || Python.Post is not null || Python.Local is not null)
                throw new ProblemException($"apk has no way to write the version {Python.Normal}",
                    "Leave the format apk out, or build from a ref whose version has no epoch, post or local part");
            // What is before the first alpha is written as an alpha, 0, of whose kind are all that come before it.
            var before = Before("_", "_alpha0_alpha0_alpha", "alpha", "beta");
            var development = Python is { Pre: not null, Dev: { } dev } ? $"_alpha{dev}" : "";
            return $"{Release}{before}{development}_p{Patches}-r{Revision}";
        }
    }

    /// <summary>
    /// With three numbers at least, and no zeros behind them: 32.0.0.0rc1 is before 32.0.0, and one of its kind.
    /// </summary>
    string Release => string.Join('.', Python.Release.Concat([0L, 0, 0]).Take(Math.Max(3,
        Python.Release.ToList().FindLastIndex(x => x != 0) + 1)));

    IEnumerable<string> LocalSegments =>
        Python.Normal[(Python.Normal.IndexOf('+', StringComparison.Ordinal) + 1)..].Split('.');

    /// <summary>What puts it before its release: a kind of pre-release, or being a development version alone.</summary>
    string Before(string separator, string development, string alpha = "a", string beta = "b") => Python switch
    {
        { Pre: { } pre } => $"{separator}{(pre.Kind switch { 0 => alpha, 1 => beta, _ => "rc" })}{pre.Number}"
            + (separator == "~" && Python is { Post: null, Dev: { } dev } ? $"~dev{dev}" : ""),
        { Post: null, Dev: { } dev } => $"{development}{dev}",
        _ => "",
    };

    string DevelopmentOf(long? post) => post is not null && Python.Dev is { } dev ? $"~dev{dev}" : "";

    static bool IsNumber(string segment) => segment.All(char.IsAsciiDigit);
}
