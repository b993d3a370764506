using System.Text.RegularExpressions;

namespace OpenStack.Sbom;

/// <summary>What a native library is known to be by the name of its file: <c>data/native-libraries.txt</c>.</summary>
/// <param name="Cpe">
/// Vendor and product of the National Vulnerability Database; null where it is not known to have it.
/// </param>
/// <param name="Text">The text of the file that says the version; null where the file's name does.</param>
sealed record NativeProduct(string Name, string? Cpe, Regex? Text)
{
    const string InFileName = "file name";

    static readonly Dictionary<string, NativeProduct> s_products = SbomData.Map("native-libraries.txt")
        .ToDictionary(x => x.Key, x => Parse(x.Value.Split(" | ", 3)), StringComparer.Ordinal);

    /// <param name="library">Name of a file as <see cref="NativeLibrary.Parse"/> finds it.</param>
    public static NativeProduct? Of(string library) => s_products.GetValueOrDefault(library);

    static NativeProduct Parse(string[] fields) => new(
        fields[0],
        fields[1] == "-" ? null : fields[1],
        fields[2] == InFileName ? null : new Regex(fields[2], RegexOptions.CultureInvariant));
}
