using System.Text.RegularExpressions;
using OpenStack.Constraints;

namespace OpenStack.Indexes;

/// <summary>The Python that images have, as far as it decides which files of a package index they can have.</summary>
/// <param name="Version">As in <c>3.12.3</c>, or <c>3.12</c> where the rest is not known; null where nothing
/// is.</param>
/// <param name="Platforms">Those that images are built for, <c>linux/amd64</c>.</param>
/// <param name="Unknown">Why nobody knows the version; empty where it is known.</param>
public sealed partial record ImagePython(string? Version, IReadOnlyList<string> Platforms, string Unknown = "")
{
    const string Resource = "Indexes.data.pythons.txt";

    /// <summary>Stands for any third number of a version that ends after the second.</summary>
    const string Last = ".999";

    /// <summary>That of images on a distribution.</summary>
    /// <param name="distro">Name and codename, <c>ubuntu-noble</c>.</param>
    /// <param name="ofBuiltBase">What the base image of this machine has, where it is built; asked only where the
    /// distribution is not known.</param>
    public static ImagePython Of(string distro, IReadOnlyList<string> platforms, Func<string?> ofBuiltBase)
    {
        using var reader = new StreamReader(typeof(ImagePython).Assembly.GetManifestResourceStream(Resource)!);
        var known = reader.ReadToEnd().Split('\n').Where(x => !x.StartsWith('#')).Select(x => x.Split(' '))
            .FirstOrDefault(x => x[0] == distro)?[1];
        return (known ?? ofBuiltBase()) is { } version
            ? new ImagePython(version, platforms)
            : new ImagePython(null, platforms,
                $"which Python images on {distro} have is not known before python-base is built");
    }

    /// <summary>Whether a marker can hold in an image; it can where that is not known.</summary>
    public bool Meets(Marker marker) =>
        Version is null || Platforms.Any(x => marker.Holds(MarkerEnvironment.Linux(Version, MachineOf(x))) != false);

    /// <summary>Whether it is among the versions that a file is for. One whose field cannot be read is taken, as pip
    /// does (pip, <c>_check_link_requires_python</c>).</summary>
    internal (Answer Answer, string Why) Admits(string? requiresPython)
    {
        if (requiresPython is null) return (Answer.Yes, "");
        if (Requirement.TryParse($"python{requiresPython.TrimEnd(' ', ',')}", out _) is not { } requirement)
            return (Answer.Yes, "");
        var needs = $"it needs Python {requiresPython}";
        if (Version is null) return (Answer.Unknown, $"{needs}, and {Unknown}");
        var versions = Version.Count(x => x == '.') > 1 ? [Version] : new[] { $"{Version}.0", $"{Version}{Last}" };
        var answers = versions.Select(x => requirement.Specifiers.All(y => y.Admits(x))).Distinct().ToList();
        return answers is [true] ? (Answer.Yes, "")
            : answers is [false] ? (Answer.No, $"{needs}, and images have {Version}")
            : (Answer.Unknown, $"{needs}, and of the images' Python only {Version} is known");
    }

    /// <summary>Whether it can install a file: one of source, or a wheel whose tags it has (packaging.python.org,
    /// "Platform compatibility tags").</summary>
    internal (Answer Answer, string Why) Installs(string file)
    {
        if (SourceDistribution().IsMatch(file) || file.Length == 0) return (Answer.Yes, "");
        if (Wheel().Match(file) is not { Success: true, Groups: var tags })
            return (Answer.No, $"of it there is {file}, which nothing installs any more");
        if (Platforms.FirstOrDefault(x => !tags["platform"].Value.Split('.').Any(y => IsFor(y, MachineOf(x))))
            is { } other)
            return (Answer.No, $"it has no file for {other}");
        if (tags["python"].Value.Split('.').Any(x => x is "py3")) return (Answer.Yes, "");
        if (Version is null) return (Answer.Unknown, $"there is {file}, and {Unknown}");
        var minor = int.Parse(Version.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);
        var isStable = tags["abi"].Value.Split('.').Any(x => x is "abi3" or "none");
        return tags["python"].Value.Split('.').Any(x => Interpreter().Match(x) is { Success: true, Groups: var of }
                && int.TryParse(of["minor"].Value, out var its) && (its == minor || (isStable && its < minor)))
            ? (Answer.Yes, "") : (Answer.No, $"it has no file for Python {Version}");
    }

    static bool IsFor(string tag, string machine) =>
        tag == "any" || ((tag.StartsWith("manylinux", StringComparison.Ordinal)
            || tag.StartsWith("linux_", StringComparison.Ordinal))
            && tag.EndsWith($"_{machine}", StringComparison.Ordinal));

    /// <summary>As <c>uname -m</c> says it there.</summary>
    internal static string MachineOf(string platform) =>
        platform.Split('/')[^1] switch { "amd64" => "x86_64", "arm64" => "aarch64", var other => other };

    [GeneratedRegex(@"\.(?:tar\.gz|tgz|zip|tar\.bz2|tar\.xz)\z", RegexOptions.IgnoreCase)]
    private static partial Regex SourceDistribution();

    [GeneratedRegex(@"^[^-]+-[^-]+(?:-[0-9][^-]*)?-(?<python>[^-]+)-(?<abi>[^-]+)-(?<platform>[^-]+)\.whl\z")]
    private static partial Regex Wheel();

    [GeneratedRegex(@"^(?:cp|py)3(?<minor>[0-9]+)\z")]
    private static partial Regex Interpreter();
}
