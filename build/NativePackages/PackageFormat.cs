using OpenStack.Diagnostics;

namespace OpenStack.NativePackages;

/// <summary>The formats that packages are made in.</summary>
public static class PackageFormat
{
    public const string Deb = "deb";

    public static IReadOnlyList<string> All { get; } = [Deb];

    /// <summary>The formats that are named, each once; <see cref="Deb"/> where none is.</summary>
    /// <exception cref="ProblemException">Names that are none, all of them.</exception>
    public static IReadOnlyList<string> Select(IReadOnlyList<string> named)
    {
        ProblemException.ThrowIfAny([.. named.Where(x => !All.Contains(x)).Select(x => new Problem(
            $"'{x}' is no format of packages", "--package-format", Expected: string.Join(", ", All),
            Remedy: Suggest.DidYouMean(x, All)))]);
        return named.Count == 0 ? [Deb] : [.. named.Distinct()];
    }
}
