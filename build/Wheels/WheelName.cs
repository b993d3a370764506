using System.Globalization;

namespace OpenStack.Wheels;

/// <summary>
/// The name of a wheel's file: <c>distribution-version(-build)?-python-abi-platform.whl</c>, where each of the three
/// tags may be several, separated by dots (binary distribution format, file name convention).
/// </summary>
public sealed record WheelName(string Distribution, string Version, string Build, IReadOnlyList<string> Python,
    IReadOnlyList<string> Abi, IReadOnlyList<string> Platform)
{
    /// <summary>Null where the text is no name of a wheel.</summary>
    public static WheelName? TryParse(string file)
    {
        const string Suffix = ".whl";
        if (!file.EndsWith(Suffix, StringComparison.Ordinal)) return null;
        return file[..^Suffix.Length].Split('-') switch
        {
            [var name, var version, var python, var abi, var platform] => new(name, version, "", python.Split('.'),
                abi.Split('.'), platform.Split('.')),
            [var name, var version, var build, var python, var abi, var platform] => new(name, version, build,
                python.Split('.'), abi.Split('.'), platform.Split('.')),
            _ => null,
        };
    }

    /// <summary>
    /// How near a wheel is to an interpreter that it is known to fit: made for it, for its stable ABI, for any ABI of
    /// the platform, for anything; of these, built against the newest C library (the order of <c>packaging.tags</c>).
    /// The greatest is to be installed.
    /// </summary>
    public (double Fit, double Library, int Build) Preference => (
        Python.SelectMany(_ => Abi, FitOf).Max() + (Platform.Contains("any") ? 0 : 1000),
        Platform.Max(LibraryOf),
        int.TryParse(new string([.. Build.TakeWhile(char.IsAsciiDigit)]), CultureInfo.InvariantCulture, out var build)
            ? build
            : -1);

    /// <summary>
    /// Of <c>cp313-cp313</c> more than of <c>cp39-abi3</c>, of that more than of <c>cp38-abi3</c>, and of <c>none</c>
    /// least.
    /// </summary>
    static double FitOf(string python, string abi) => (abi switch
    {
        "none" => 0,
        "abi3" => 200,
        _ => 400,
    }) + (python.StartsWith("cp", StringComparison.Ordinal) ? 100 : 0) + MinorOf(python) / 10.0;

    /// <summary><c>cp313</c> and <c>py313</c> are 3.13; <c>py3</c> is any 3.</summary>
    static int MinorOf(string python) => python.Length > 3
        && python[2] == '3'
        && int.TryParse(python[3..], CultureInfo.InvariantCulture, out var minor)
        ? minor
        : 0;

    /// <summary>
    /// Minor version of the GNU C library (PEP 600, with the names that PEP 513, 571 and 599 gave to three of them).
    /// </summary>
    static double LibraryOf(string platform) => platform switch
    {
        _ when platform.StartsWith("manylinux1_", StringComparison.Ordinal) => 5,
        _ when platform.StartsWith("manylinux2010_", StringComparison.Ordinal) => 12,
        _ when platform.StartsWith("manylinux2014_", StringComparison.Ordinal) => 17,
        _ when platform.StartsWith("manylinux_2_", StringComparison.Ordinal)
            && platform.Split('_') is [_, _, var minor, ..]
            && int.TryParse(minor, CultureInfo.InvariantCulture, out var version) => version,
        _ => 0,
    };
}
