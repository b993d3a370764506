using Nuke.Common.IO;
using OpenStack.Diagnostics;

namespace OpenStack.NativePackages;

/// <summary>The formats that packages are made in.</summary>
public static class PackageFormats
{
    public static IReadOnlyList<IPackageFormat> All { get; } = [new DebianFormat(), new RpmFormat(), new ApkFormat()];

    static IReadOnlyList<string> Names => [.. All.Select(x => x.Name)];

    /// <summary>The formats that are named, each once; Debian's where none is.</summary>
    /// <exception cref="ProblemException">Names that are none, all of them.</exception>
    public static IReadOnlyList<IPackageFormat> Select(IReadOnlyList<string> named)
    {
        ProblemException.ThrowIfAny([.. named.Where(x => !Names.Contains(x)).Select(x => new Problem(
            $"'{x}' is no format of packages", "--package-format", Expected: string.Join(", ", Names),
            Remedy: Suggest.DidYouMean(x, Names)))]);
        return named.Count == 0 ? [All[0]] : [.. All.Where(x => named.Contains(x.Name))];
    }

    /// <summary>What clients of all formats would find in a directory of repositories.</summary>
    public static (IReadOnlyList<Problem> Problems, int Count) Check(
        AbsolutePath directory, PackageTrust trust)
    {
        var checks = All.Select(x => x.Check(directory, trust)).ToList();
        return ([.. checks.SelectMany(x => x.Problems)], checks.Sum(x => x.Count));
    }
}
