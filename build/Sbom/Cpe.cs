namespace OpenStack.Sbom;

/// <summary>
/// Names of the National Vulnerability Database (CPE 2.3, formatted string binding), for what it is known to have.
/// </summary>
static class Cpe
{
    static readonly Dictionary<string, string> s_products = SbomData.Map("cpe.txt");

    /// <param name="distribution">Normalised name.</param>
    public static string? OfPython(string distribution, string version) => Of('a', distribution, version);

    /// <param name="id">ID of os-release.</param>
    public static string? OfSystem(string id, string version) => Of('o', $"os:{id}", version);

    /// <param name="product">Vendor and product, as in <c>openssl:openssl</c>.</param>
    public static string OfProduct(string product, string version) => Name('a', product, version);

    static string? Of(char part, string key, string version) =>
        version.Length > 0 && s_products.TryGetValue(key, out var product) ? Name(part, product, version) : null;

    static string Name(char part, string product, string version) =>
        $"cpe:2.3:{part}:{string.Join(':', product.Split(':').Select(Escape))}:{Escape(version)}:*:*:*:*:*:*:*";

    /// <summary>All but letters, digits and <c>_ . -</c> gets a backslash.</summary>
    static string Escape(string text) => string.Concat(text.Select(x =>
        char.IsAsciiLetterOrDigit(x) || x is '_' or '.' or '-' ? x.ToString() : $"\\{x}"));
}
